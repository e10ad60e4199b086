"""What a page of plain Markdown gets on its way to HTML: diagrams, marks, terms."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from tools.site.terms import link_first_uses

log = get_plugin_logger("page")

Step = Callable[[str, Page, MkDocsConfig, Files], str]

DIAGRAM = re.compile(
    r'<p><img (?P<rest>[^>]*src="[^"]*(?P<file>assets/diagrams/[^"]+\.svg)"[^>]*)></p>'
)
ALT = re.compile(r'alt="([^"]*)"')
MARK = re.compile(r'<div class="(surprises|crashes|deadlocks)">')
EMPTY_HEADER = re.compile(r"<th[^>]*>\s*</th>")


def finish(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn the HTML that Markdown made into what the reader gets."""
    for step in STEPS:
        html = step(html, page, config, files)
    return html


def _inline_diagrams(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    # Only a drawing that is part of the page follows its colours.
    def inline(image: re.Match[str]) -> str:
        drawing = files.get_file_from_path(image["file"])
        alt = ALT.search(image["rest"])
        if drawing is None:  # MkDocs has said so already
            return image[0]
        if alt is None or not alt[1]:
            log.warning(f"'{page.file.src_uri}': {image['file']} has no alternative text")
        name = PurePosixPath(image["file"]).name.split(".")[0]
        svg = _named_svg(drawing.content_string, alt[1] if alt else "", name)
        return f'<figure class="diagram">{svg}</figure>'

    html = DIAGRAM.sub(inline, html)
    if re.search(r"<img [^>]*assets/diagrams/", html):
        log.warning(f"'{page.file.src_uri}': a diagram must be a paragraph of its own, and exist")
    return html


def _named_svg(svg: str, label: str, prefix: str) -> str:
    svg = svg[svg.index("<svg") :].strip()
    svg = re.sub(r"<title\b.*?</title>", "", svg, count=1, flags=re.S)
    root, rest = svg.split(">", 1)
    root = re.sub(r'\s(?:role|aria-\w+)="[^"]*"', "", root)
    svg = root.replace("<svg", f'<svg role="img" aria-label="{label}"', 1) + ">" + rest
    return re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{prefix}-", svg)


def _label_marks(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    words = config.extra["words"]["marks"]
    return MARK.sub(lambda m: f'<div class="{m[1]}" role="group" aria-label="{words[m[1]]}">', html)


def _plain_empty_headers(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    # The empty corner of a table heads nothing: a screen reader should not look for its name.
    return EMPTY_HEADER.sub("<td></td>", html)


def _link_terms(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    return link_first_uses(html, page, config)


STEPS: tuple[Step, ...] = (
    _inline_diagrams,
    _label_marks,
    _plain_empty_headers,
    _link_terms,
)
