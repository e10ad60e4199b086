"""What a page gets in the tree that Markdown makes of it: diagrams, labels of marks, plain corners.

Fences are not in this tree (tools/site/programs.py), nor is what a notebook's cells show.
"""

from __future__ import annotations

import posixpath
import re
from html import escape
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from tools.site.languages import language_of
from tools.site.messages import warn
from tools.words import table

EXTENSION = f"{__name__}:PageTree"  # as Python-Markdown finds it
DIAGRAMS = "assets/diagrams/"


class PageTree(Extension):
    """Changes the tree of *page* after attributes are set, and before MkDocs looks at links."""

    def __init__(self, page: Page, config: MkDocsConfig, files: Files) -> None:
        super().__init__()
        self.steps = (
            DrawDiagrams(page, files),
            LabelMarks(table("marks", language_of(config).code)),
            PlainCorners(),
        )

    def extendMarkdown(self, md: Markdown) -> None:
        for step in self.steps:
            step.md = md
            md.treeprocessors.register(step, type(step).__name__, 4)


class DrawDiagrams(Treeprocessor):
    """Only a drawing that is part of the page follows its colours."""

    def __init__(self, page: Page, files: Files) -> None:
        super().__init__()
        self.page, self.files = page, files

    def run(self, root: Element) -> None:
        for paragraph in root.iter("p"):
            image = _only_image(paragraph)
            drawing = self._drawing(image) if image is not None else None
            if image is not None and drawing:
                self._draw(paragraph, image, drawing)
        for source in (image.get("src", "") for image in root.iter("img")):
            if DIAGRAMS in source:
                message = f"{source} must be a paragraph of its own, and exist in {DIAGRAMS}."
                warn(self.page, source, message)

    def _drawing(self, image: Element) -> File | None:
        here = posixpath.dirname(self.page.file.src_uri)
        path = posixpath.normpath(posixpath.join(here, image.get("src", "")))
        return self.files.get_file_from_path(path) if path.startswith(DIAGRAMS) else None

    def _draw(self, paragraph: Element, image: Element, drawing: File) -> None:
        label = image.get("alt", "")
        if not label:
            source = image.get("src", "")
            warn(self.page, source, f"say what it shows, for who cannot see it: ![…]({source})")
        name = PurePosixPath(drawing.src_uri).name.split(".")[0]
        svg = _named_svg(drawing.content_string, escape(label), name)
        paragraph.remove(image)
        paragraph.text = self.md.htmlStash.store(f'<figure class="diagram">{svg}</figure>')


def _only_image(paragraph: Element) -> Element | None:
    """The image that is all of *paragraph*."""
    if len(paragraph) != 1 or paragraph[0].tag != "img":
        return None
    around = (paragraph.text or "") + (paragraph[0].tail or "")
    return None if around.strip() else paragraph[0]


def _named_svg(svg: str, label: str, prefix: str) -> str:
    svg = svg[svg.index("<svg") :].strip()
    svg = re.sub(r"<title\b.*?</title>", "", svg, count=1, flags=re.S)
    root, rest = svg.split(">", 1)
    root = re.sub(r'\s(?:role|aria-\w+)="[^"]*"', "", root)
    svg = root.replace("<svg", f'<svg role="img" aria-label="{label}"', 1) + ">" + rest
    return re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{prefix}-", svg)


class LabelMarks(Treeprocessor):
    """Say aloud what the colour of a mark says."""

    def __init__(self, labels: dict[str, str]) -> None:
        super().__init__()
        self.labels = labels

    def run(self, root: Element) -> None:
        for div in root.iter("div"):
            for mark in self.labels.keys() & {*div.get("class", "").split()}:
                div.set("role", "group")
                div.set("aria-label", self.labels[mark])


class PlainCorners(Treeprocessor):
    """The empty corner of a table heads nothing: a screen reader should not look for its name."""

    def run(self, root: Element) -> None:
        for header in root.iter("th"):
            if not len(header) and not (header.text or "").strip():
                header.tag, header.attrib = "td", {}
