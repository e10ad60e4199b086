"""What the search of the built site reads: for each language an index, and the text of each page.

The index is one that MiniSearch would have written: docs/assets/search/pages.js loads it. To it a
page is one field, in which a word of the title counts as several of the text. That ranks better
than a field for each, where a rare word of a title wins over all that a page says. The texts, from
which passages are shown, are a file for each page: a reader fetches those of the pages found.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.utils import write_file

from tools.pages import DOCS, JAPANESE
from tools.site import terms
from tools.site.languages import language_of
from tools.site.search_text import Section, sections_of
from tools.site.search_words import words

FOLDER = "search"
WEIGHTS = {"symptoms": 10, "title": 6, "description": 3, "heading": 3, "text": 1}
LEADS_ON = 0.5  # for the first page of the site, or of a chapter: it names all that others explain


@dataclass(frozen=True)
class _Found:
    """A page as the search knows it."""

    shown: dict[str, Any]  # what a result says before its text is there
    sections: list[Section]
    weights: Counter[str]  # by word


_pages: dict[str, dict[str, _Found]] = {}  # by language, then by address


def forget(config: MkDocsConfig) -> None:
    """Begin a build: no page of the last one is known."""
    _pages[language_of(config).code] = {}


def read(page: Page, config: MkDocsConfig) -> None:
    """Take in what *page* says, as it is rendered now."""
    sections = sections_of(page.content or "")
    meta = page.meta
    said = {
        "symptoms": [str(text) for text in meta.get("symptoms", ())],
        "title": [sections[0].heading],
        "description": [meta["description"]],
        "heading": [section.heading for section in sections[1:]],
        "text": [section.text for section in sections],
    }
    weights: Counter[str] = Counter()
    for part, weight in WEIGHTS.items():
        for word, count in Counter(word for text in said[part] for word in words(text)).items():
            weights[word] += weight * count
    shown = {
        "title": sections[0].heading,
        "chapter": page.parent.title if page.parent else "",
        "description": meta["description"],
        "boost": meta.get("search", {}).get("boost", LEADS_ON if page.is_index else 1),
    }
    _pages[language_of(config).code][page.url] = _Found(shown, sections, weights)


def write(config: MkDocsConfig) -> None:
    """Write the index of the language, and the texts of its pages, into the site."""
    language = language_of(config).code
    pages = _pages[language]
    index = {"pages": as_minisearch(pages), "synonyms": synonyms(language)}
    folder = Path(config.site_dir) / FOLDER
    _write(folder / "index.json", index)
    for address, page in pages.items():
        texts = [[section.id, section.heading, section.text] for section in page.sections]
        _write(folder / "texts" / f"{address.rstrip('/') or 'index'}.json", texts)


def synonyms(language: str) -> list[tuple[str, str]]:
    """(what readers type, what the pages say for it) of docs/search.toml and docs/terms.toml."""
    typed = tomllib.loads((DOCS / "search.toml").read_text("utf-8"))["typed"][language]
    pairs = [(form, said) for said, forms in typed.items() for form in forms]
    if language == JAPANESE.code:
        pairs += [(form, right) for right, forms in terms.spellings().items() for form in forms]
    return [(form.lower(), said) for form, said in pairs if not form.startswith("/")]


def as_minisearch(pages: dict[str, _Found]) -> dict[str, Any]:
    """*pages* as ``JSON.stringify(miniSearch)`` gives them, in its serializationVersion 2."""
    lengths = [sum(page.weights.values()) for page in pages.values()]
    index: dict[str, dict[str, dict[str, int]]] = {}
    for number, page in enumerate(pages.values()):
        for word, weight in page.weights.items():
            index.setdefault(word, {"0": {}})["0"][str(number)] = weight
    return {
        "documentCount": len(pages),
        "nextId": len(pages),
        "documentIds": dict(enumerate(pages)),
        "fieldIds": {"words": 0},
        "fieldLength": {number: [length] for number, length in enumerate(lengths)},
        "averageFieldLength": [sum(lengths) / len(lengths)],
        "storedFields": {number: page.shown for number, page in enumerate(pages.values())},
        "dirtCount": 0,
        "index": sorted(index.items()),
        "serializationVersion": 2,
    }


def _write(path: Path, data: Any) -> None:
    write_file(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), str(path))
