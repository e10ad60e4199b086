"""What a page gets in the tree that Markdown makes of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from markdown import Markdown
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from tools.pages import ROOT
from tools.site import messages, page_tree
from tools.words import table

SVG = '<?xml version="1.0"?><svg viewBox="0 0 1 1"><title>x</title><g id="a"/></svg>'
DIAGRAM = "![Two tables](../assets/diagrams/two.en.svg)"

Convert = Callable[[str], Tag]


@pytest.fixture
def convert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Convert:
    """Convert the text of a page in a chapter, on a site with one diagram."""
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    config = load_config(str(ROOT / "mkdocs.yml"))
    for folder in ("assets/diagrams", "chapter"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "assets/diagrams/two.en.svg").write_text(SVG, "utf-8")
    files = Files([File("assets/diagrams/two.en.svg", str(tmp_path), "site", True)])

    def converted(text: str) -> Tag:
        (tmp_path / "chapter/page.md").write_text(text, "utf-8")
        page = Page(None, File("chapter/page.md", str(tmp_path), "site", True), config)
        own = {page_tree.EXTENSION: {"page": page, "config": config, "files": files}}
        md = Markdown(extensions=["attr_list", "md_in_html", "tables", *own], extension_configs=own)
        return BeautifulSoup(md.convert(text), "html.parser")

    return converted


@pytest.mark.parametrize("text", [DIAGRAM, f"{DIAGRAM}{{ .wide }}", f"Text.\n\n{DIAGRAM}\n\nMore."])
def test_a_diagram_is_part_of_the_page(convert: Convert, text: str) -> None:
    html = convert(text)
    (drawing,) = html.select("figure.diagram > svg")
    assert (drawing["role"], drawing["aria-label"]) == ("img", "Two tables")
    assert drawing.select("title, img") == []
    assert drawing.select("#two-a")
    assert html.select("p figure, img") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"Text.\n\nLook: {DIAGRAM}",
            "chapter/page.md:3: ../assets/diagrams/two.en.svg must be a paragraph of its own",
        ),
        (f"{DIAGRAM} **Two**", "chapter/page.md:1: ../assets/diagrams/two.en.svg must be a"),
        (
            "![Two](../assets/diagrams/three.en.svg)",
            "chapter/page.md:1: ../assets/diagrams/three.en.svg must be a paragraph of its own,"
            " and exist",
        ),
        (
            "![Two](assets/diagrams/two.en.svg)",
            "chapter/page.md:1: assets/diagrams/two.en.svg must be",
        ),
        (
            DIAGRAM.replace("Two tables", ""),
            "chapter/page.md:1: say what it shows, for who cannot see it:"
            " ![…](../assets/diagrams/two.en.svg)",
        ),
    ],
)
def test_a_diagram_that_cannot_be_read_is_named(
    convert: Convert, caplog: pytest.LogCaptureFixture, text: str, message: str
) -> None:
    convert(text)
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert message in record.getMessage()


@pytest.mark.parametrize("name", table("marks", "en"))
def test_a_mark_speaks_whatever_else_it_is(convert: Convert, name: str) -> None:
    html = convert(f'<div class="wide {name}" markdown>\n\nText.\n\n</div>\n<div markdown>x</div>')
    (marked,) = html.select("[aria-label]")
    assert marked["role"] == "group"
    assert str(marked["aria-label"]).startswith(f"{name.title()}: ")


def test_only_an_empty_corner_heads_nothing(convert: Convert) -> None:
    html = convert("|   | `a` | b |\n|---|---|---|\n| x | y | z |\n")
    assert [cell.name for cell in html.select("thead tr > *")] == ["td", "th", "th"]
