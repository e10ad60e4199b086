"""The words of docs/terms.toml: the glossary page, and the link to it from each first use."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from tools import pages
from tools.pages import CODES, DOCS
from tools.site.languages import language_of
from tools.words import say

TERMS = DOCS / "terms.toml"
GLOSSARY = "reference/glossary.md"
PLACE = "<!-- docs/terms.toml -->"  # in GLOSSARY, where the terms come
SPELLINGS = "spellings"

_KEYS = {"en", "ja", "also", "linked", "page", "define", "wrong"}
_TAG = re.compile(r"""<!--.*?-->|<(/?)([a-z][a-z0-9]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""", re.S)
NOT_RUNNING_TEXT = (
    *("code", "pre", "kbd", "h1", "h2", "h3", "h4", "h5", "h6", "th"),
    *("button", "details", "figure", "script", "style", "svg"),
)
_NOT_IN = {"a", *NOT_RUNNING_TEXT}
_FENCE = re.compile(r'class="(?:[^"]* )?highlight"')
_LEFT_OUT = re.compile(rf'class="doors"|data-search-exclude=|{_FENCE.pattern}')  # doors are links


@dataclass(frozen=True)
class Term:
    """One word of the glossary."""

    chapter: str
    id: str
    name: dict[str, str]  # by language, like all that is said of it
    forms: dict[str, tuple[str, ...]]
    definition: dict[str, str]
    page: str  # which explains it, perhaps with a #fragment
    is_linked: bool
    wrong: tuple[str, ...]

    def heading(self, language: str) -> str:
        """Its name; in Japanese with the English one, where they differ."""
        if language == "en" or self.name["ja"] == self.name["en"]:
            return self.name[language]
        return f"{self.name['ja']} ({self.name['en']})"


@cache
def read_terms() -> tuple[Term, ...]:
    """All terms, in the order of the file. Raises ValueError, naming the entry that is wrong."""
    data = _read()
    found = [
        _term(chapter, name, entry)
        for chapter, entries in data.items()
        if chapter != SPELLINGS
        for name, entry in entries.items()
    ]
    ids = [term.id for term in found] + [name for name in data if name != SPELLINGS]
    if twice := {name for name in ids if ids.count(name) > 1}:
        raise ValueError(f"docs/{TERMS.name}: {min(twice)}: there are two of this id")
    return tuple(found)


def spellings() -> dict[str, list[str]]:
    """What Japanese pages must not say, by what they say instead."""
    wrong: dict[str, list[str]] = {term.name["ja"]: [*term.wrong] for term in read_terms()}
    for right, forms in _read()[SPELLINGS].items():
        wrong.setdefault(right, []).extend(forms)
    return {right: forms for right, forms in wrong.items() if forms}


def _read() -> dict[str, Any]:
    return tomllib.loads(TERMS.read_text("utf-8"))


def _term(chapter: str, name: str, entry: dict[str, Any]) -> Term:
    also, define = entry.get("also", {}), entry.get("define", {})
    lacking = [key for key in ("en", "ja", "page") if not entry.get(key)]
    lacking += [f"define.{language}" for language in CODES if not define.get(language)]
    unknown = entry.keys() - _KEYS
    if lacking or unknown:
        said = f"no {lacking[0]}" if lacking else f"{min(unknown)} is no key"
        raise ValueError(f"docs/{TERMS.name}: {chapter}.{name}: {said}")
    return Term(
        chapter,
        name,
        {language: entry[language] for language in CODES},
        {language: (entry[language], *also.get(language, [])) for language in CODES},
        define,
        entry["page"],
        entry.get("linked", True),
        tuple(entry.get("wrong", [])),
    )


def put_glossary(markdown: str, page: Page, config: MkDocsConfig) -> str:
    """Put the terms into the page of the glossary."""
    if page.file.src_uri != GLOSSARY:
        return markdown
    return markdown.replace(PLACE, "\n\n".join(_glossary(config)))


def _glossary(config: MkDocsConfig) -> Iterator[str]:
    language = language_of(config).code
    chapter = ""
    for term in read_terms():
        if term.chapter != chapter:
            chapter = term.chapter
            heading = say(f"chapters.{chapter}", language)
            yield f"## {heading} {{ #{chapter} }}"
        yield f"### {term.heading(language)} {{ #{term.id} }}"
        title = pages.Page(language, term.page.partition("#")[0]).front_matter["title"]
        link = say("glossary.explained", language, page=f"[{title}](../{term.page})")
        yield f"{term.definition[language]}{'' if language == 'ja' else ' '}{link}"


def link_first_uses(html: str, page: Page, config: MkDocsConfig) -> str:
    """Let the first use of each term on a page lead to the glossary."""
    if page.file.src_uri == GLOSSARY:
        return html
    language = language_of(config)
    glossary = get_relative_url("reference/glossary/", page.url)
    linked = {term.id for term in read_terms() if f'href="{glossary}#{term.id}"' in html}

    def link(found: re.Match[str]) -> str:
        term = term_of(found, language.code)
        if term.id in linked:
            return found[0]
        linked.add(term.id)
        return f'<a class="term" href="{escape(glossary)}#{term.id}">{found[0]}</a>'

    return "".join(
        pattern(language.code).sub(link, part) if is_running_text else part
        for part, is_running_text in _parts(html)
    )


@cache
def pattern(language: str) -> re.Pattern[str]:
    """Matches every form of every term that is linked."""
    forms = sorted(_forms(language), key=len, reverse=True)
    words = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in forms)
    if language == "en":
        return re.compile(rf"(?<![\w-])({words})s?(?![\w-])", re.I)
    # Japanese has no spaces, but a word of katakana or letters ends where these end.
    return re.compile(
        rf"(?<![ァ-ヺー])(?<![A-Za-z0-9_-])({words})(?![ァ-ヺー])(?![A-Za-z0-9_-])", re.I
    )


def term_of(found: re.Match[str], language: str) -> Term:
    """The term that *pattern* has found."""
    return _forms(language)[" ".join(found[1].lower().split())]


@cache
def _forms(language: str) -> dict[str, Term]:
    return {
        form.lower(): term
        for term in read_terms()
        if term.is_linked
        for form in term.forms[language]
    }


def _parts(html: str) -> Iterator[tuple[str, bool]]:
    """Pieces of *html*, and whether each is text that one reads from top to bottom."""
    outside, depth, at = "", 0, 0  # the element that is left out, and how deep in it
    is_fence = is_below_fence = False
    for tag in _TAG.finditer(html):
        between = html[at : tag.start()]
        yield between, not outside
        yield tag[0], False
        at = tag.end()
        closes, name, attributes = tag.groups(default="")
        is_annotations = name == "ol" and is_below_fence and not between.strip()
        is_below_fence = False
        if outside:
            depth += (-1 if closes else 1) * (name == outside)
            outside = outside if depth else ""
            is_below_fence = is_fence and not outside
        elif not closes and (name in _NOT_IN or _LEFT_OUT.search(attributes) or is_annotations):
            outside, depth, is_fence = name, 1, bool(_FENCE.search(attributes))
    yield html[at:], not outside
