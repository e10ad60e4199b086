"""The search of the built site, asked in a browser without its dialog."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.support.browser import Site
from tools.pages import ROOT

CODE = "assets/search"
OPEN = """
async ([code, root]) => {
    const { Pages } = await import(code + "/pages.js")
    const { words, sameForm } = await import(code + "/words.js")
    const index = await (await fetch(root + "search/index.json")).json()
    const pages = new Pages(index)
    window.cut = (text) => [...words(sameForm(text))].map(({ word }) => word)
    window.find = (typed) => {
        const started = performance.now()
        const found = pages.find(typed)
        return [found.map(({ id }) => id), performance.now() - started]
    }
}
"""


@dataclass(frozen=True)
class Query:
    """What somebody typed, and the pages of which any is right."""

    typed: str
    pages: frozenset[str]


@dataclass(frozen=True)
class Answer:
    """What the search found."""

    pages: list[str]  # addresses below the root of the language, best first
    milliseconds: float

    def rank(self, wanted: frozenset[str]) -> int:
        """The place of the first of the *wanted*, from 1; 0 where there is none."""
        return next((n for n, page in enumerate(self.pages, 1) if page in wanted), 0)


def read_queries(name: str, language: str) -> list[Query]:
    """The queries of tests/*name* in one language."""
    data: dict[str, Any] = tomllib.loads((ROOT / "tests" / name).read_text("utf-8"))
    return [Query(query["query"], frozenset(query["pages"])) for query in data[language]]


def home(site: Site, language: str) -> str:
    """The address of the first page of a language."""
    return site.address + ("" if language == "en" else f"{language}/")


def open_search(page: Page, site: Site, language: str) -> None:
    """Let *page* be able to `find` in the pages of one language, and to `cut` a text."""
    page.goto(home(site, language))
    page.evaluate(OPEN, [site.address + CODE, home(site, language)])


def ask(page: Page, typed: str) -> Answer:
    """What the search of the *page* that open_search() has opened answers."""
    found, milliseconds = page.evaluate("typed => find(typed)", typed)
    return Answer(found, milliseconds)
