"""The page of a chapter: what it lists is read from the navigation and the pages themselves."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from tools import pages
from tools.site.languages import language_of

PLACE = "<!-- the pages of this chapter -->"


def put_pages(markdown: str, page: Page, config: MkDocsConfig) -> str:
    """Put the titles and descriptions of a chapter's pages into the page of the chapter."""
    if PLACE not in markdown:
        return markdown
    language, here = language_of(config).code, page.file.src_uri
    entries = [
        _entry(pages.Page(language, name)) for name in _chapter_of(here, config) if name != here
    ]
    return markdown.replace(PLACE, "\n".join(entries))


def _chapter_of(name: str, config: MkDocsConfig) -> list[str]:
    return next(chapter for chapter in chapters(config.nav) if name in chapter)


def chapters(nav: Any) -> Iterator[list[str]]:
    """The pages of each chapter, from `nav` of mkdocs.yml."""
    for entry in nav:
        if isinstance(entry, dict):
            yield from entry.values()


def _entry(page: pages.Page) -> str:
    matter = page.front_matter
    link = f"[{matter['title']}]({posixpath.basename(page.name)})"
    return f"- **{link}**\n\n    {matter['description']}\n"
