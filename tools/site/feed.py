"""What changed, for docs/theme/feed.xml: pages by their last commit, and entries of the errata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from tools.pages import ENGLISH, ROOT, Page
from tools.site.dates import last_changes
from tools.site.languages import language_of, root_url
from tools.words import say

ERRATA = "reference/errata.md"
MOST = 50  # entries

_ITEM = re.compile(r"^- \[(?P<title>.*?)\]\(.*?\)(?P<when>.*)\n(?P<said>(?: {4}- .*\n?)*)", re.M)
_DAY = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}$")
_MARKUP = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^)\s]*\)|\*\*|^ *- ", re.M)


@dataclass(frozen=True)
class Entry:
    """One change; `link` is absolute, and with `day` it is its identity."""

    title: str
    link: str
    day: date
    summary: str


def entries(config: MkDocsConfig, files: Files) -> list[Entry]:
    """The latest changes, the newest first; without history only the errata."""
    found = [*_errata(config), *_pages(config, files)]
    return sorted(found, key=lambda entry: entry.day, reverse=True)[:MOST]


def _pages(config: MkDocsConfig, files: Files) -> Iterator[Entry]:
    language = language_of(config)
    days = last_changes(ROOT)
    for file in files.documentation_pages():
        page = Page(language.code, file.src_uri)
        matter = page.front_matter
        if day := days.get(page.path):
            link = f"{root_url(config)}{page.address}"
            yield Entry(str(matter["title"]), link, day, str(matter["description"]))


def _errata(config: MkDocsConfig) -> Iterator[Entry]:
    """The items of the page, which are the same in each language; English ones have the day."""
    language = language_of(config)
    page = Page(language.code, ERRATA)
    items, english = (_ITEM.finditer(p.body) for p in (page, Page(ENGLISH.code, ERRATA)))
    for item, said in zip(items, english, strict=True):
        mark = sha256(said[0].encode()).hexdigest()[:8]  # it tells entries of a day apart
        yield Entry(
            say("feed.mistake", language.code, page=item["title"].strip("「」")),
            f"{root_url(config)}{page.address}?{mark}",
            day_of(said["when"]),
            _MARKUP.sub(r"\1", item["said"]).strip(),
        )


def day_of(when: str) -> date:
    """The day in which *when* ends, as an English entry of the errata says it; or ValueError."""
    found = _DAY.search(when)
    if not found:
        raise ValueError(f"docs/en/{ERRATA}: {when!r} does not end in a day, as 28 November 2026")
    return datetime.strptime(found[0], "%d %B %Y").replace(tzinfo=UTC).date()
