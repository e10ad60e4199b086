"""Each chapter begins with a page of its own, which lists the others as the navigation does."""

from __future__ import annotations

import posixpath
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from tools.pages import CODES, ROOT, Page
from tools.site.build import Built
from tools.site.chapters import PLACE, chapters, put_pages


def nav() -> Any:
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    return yaml.safe_load(text[text.index("\nnav:") : text.index("\nhooks:")])["nav"]


CHAPTERS = list(chapters(nav()))
each_chapter = pytest.mark.parametrize("pages", CHAPTERS, ids=lambda pages: pages[0])


@each_chapter
def test_a_chapter_begins_with_its_page(pages: list[str]) -> None:
    first = pages[0]
    assert posixpath.basename(first) == "index.md", f"mkdocs.yml: {first}: index.md comes first"
    assert {posixpath.dirname(page) for page in pages} == {posixpath.dirname(first)}, (
        f"mkdocs.yml: the pages of {first} lie in its folder"
    )
    for code in CODES:
        page = Page(code, first)
        assert PLACE in page.body or page.name == "lab/index.md", (
            f"docs/{code}/{first}: put {PLACE} where its pages are listed"
        )


@pytest.mark.parametrize("code", CODES)
def test_the_page_of_a_chapter_lists_its_pages(site: Built, code: str) -> None:
    for first, *pages in CHAPTERS:
        if first == "lab/index.md":
            continue
        article = site.pages[f"{Page(code, first).address}index.html"].select_one("article")
        assert article
        links = [link["href"] for link in article.select("li strong a")]
        described = [item.get_text() for item in article.select("li p + p")]
        assert links == [f"{posixpath.splitext(posixpath.basename(page))[0]}/" for page in pages]
        assert described == [Page(code, page).front_matter["description"] for page in pages]


def test_a_page_that_is_in_no_chapter_is_left_alone() -> None:
    page: Any = SimpleNamespace(file=SimpleNamespace(src_uri="index.md"))
    config: Any = None  # it is not asked
    assert put_pages("Text.", page, config) == "Text."
