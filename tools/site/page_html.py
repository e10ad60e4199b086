"""What a page of plain Markdown gets on its way to HTML: diagrams, marks, download links, terms."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from tools.pages import ROOT
from tools.site.languages import language_of
from tools.site.terms import link_first_uses
from tools.words import say, table

log = get_plugin_logger("page")

Step = Callable[[str, Page, MkDocsConfig, Files], str]

DIAGRAM = re.compile(
    r'<p><img (?P<rest>[^>]*src="[^"]*(?P<file>assets/diagrams/[^"]+\.svg)"[^>]*)></p>'
)
ALT = re.compile(r'alt="([^"]*)"')
DIV = re.compile(r'<div class="(\w+)">')
TITLE = re.compile(r'<span class="filename">([^<]+)</span>')
TRANSCRIPT = re.compile(r'<div class="language-console highlight">(.*?)</div>', re.S)
EMPTY_HEADER = re.compile(r"<th[^>]*>\s*</th>")
STATUS = re.compile(r'<span class="go">(?=\? \S+</span>\s*</code>)')


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
    labels = table("marks", language_of(config).code)

    def label(div: re.Match[str]) -> str:
        mark = div[1]
        if mark not in labels:
            return div[0]
        return f'<div class="{mark}" role="group" aria-label="{labels[mark]}">'

    return DIV.sub(label, html)


def _link_programs(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    def link(title: re.Match[str]) -> str:
        name = title[1]
        if not (ROOT / "examples" / name).is_file():
            log.warning(f"'{page.file.src_uri}': there is no examples/{name} to download")
        here = language_of(config).folder + page.url
        href = get_relative_url(f"examples/{name}", here)
        label = say("page.download", language_of(config).code, name=name)
        return (
            f'<span class="filename"><a href="{href}" download aria-label="{label}"'
            f' title="{label}">{name}</a></span>'
        )

    return TITLE.sub(link, html)


def _quiet_transcripts(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    def quiet(block: re.Match[str]) -> str:
        body = STATUS.sub('<span class="go exit-status">', block[1])
        return f'<div class="language-console highlight no-copy">{body}</div>'

    return TRANSCRIPT.sub(quiet, html)


def _plain_empty_headers(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    # The empty corner of a table heads nothing: a screen reader should not look for its name.
    return EMPTY_HEADER.sub("<td></td>", html)


def _link_terms(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    return link_first_uses(html, page, config)


STEPS: tuple[Step, ...] = (
    _inline_diagrams,
    _label_marks,
    _link_programs,
    _quiet_transcripts,
    _plain_empty_headers,
    _link_terms,
)
