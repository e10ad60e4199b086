"""Each page as Markdown beside its HTML, for those who read without a browser: index.md.

It says what the page says, with its programs and their output, in plain Markdown: boxes become
quotations, marks become words, ids go, and links are absolute.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils import write_file

from tools.pages import CELL
from tools.site.languages import language_of, root_url
from tools.words import table

NAME = "index.md"  # beside index.html

_FENCE = re.compile(r" *(`{3,})(.*)")
_BOX = re.compile(r'(?:!!!|\?\?\?\+?) \w+ "(.*)"')
_DIV = re.compile(r'<(/?)div\b(?:.*?class="([^"]*)")?')
_COMMENT = re.compile(r"<!--.*-->")
_ID = re.compile(r" *\{ *#[\w-]+ *\}$")
_LINK = re.compile(r"(?<=\]\()[^)\s]+(?=\))")
_TIDY = (  # what is left where something went
    (re.compile(r"^>\n(?!>)", re.M), "\n"),
    (re.compile(r"\n\n(?= *`{3,}$)", re.M), "\n"),
)
_SNIPPETS = "pymdownx.snippets"

_texts: dict[str, str] = {}  # by the address of a page


def read(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    """Remember *markdown*, of which the HTML of *page* is made, as plain Markdown."""
    link = partial(_absolute, page=page, config=config, files=files)
    lines = _plain(_with_includes(markdown, config), table("marks", language_of(config).code))
    text = _LINK.sub(lambda found: link(found[0]), "\n".join(lines) + "\n")
    for pattern, better in _TIDY:
        text = pattern.sub(better, text)
    _texts[_path(page, config)] = text


def write(page: Page, config: MkDocsConfig) -> None:
    """Write what *read* remembered of *page* into the site."""
    path = Path(config.site_dir, page.url, NAME)
    write_file(_texts[_path(page, config)].encode(), str(path))


def _path(page: Page, config: MkDocsConfig) -> str:
    return language_of(config).folder + page.url


def url(page: Page, config: MkDocsConfig) -> str:
    """The absolute address of the Markdown of *page*."""
    return f"{root_url(config)}{_path(page, config)}{NAME}"


def _with_includes(markdown: str, config: MkDocsConfig) -> list[str]:
    settings = {_SNIPPETS: config.mdx_configs[_SNIPPETS]}
    reader = Markdown(extensions=[_SNIPPETS], extension_configs=settings)
    return reader.preprocessors["snippet"].run(markdown.splitlines())


def _plain(lines: list[str], marks: dict[str, str]) -> Iterator[str]:
    """*lines* in Markdown that everybody reads; cells of notebooks are left out."""
    fence = ""  # what closes the one that is open
    is_cell = is_box = False
    for before, line in pairwise(["", *lines]):
        if is_box and line and not line.startswith("    "):
            is_box = False
        if fence:
            ends = line.strip() == fence
            fence = "" if ends else fence
            if not is_cell:
                yield _quoted(line, is_box)
        elif opening := _FENCE.fullmatch(line):
            fence, is_cell = opening[1], opening[2].strip() == CELL
            if not is_cell:
                yield _quoted(line, is_box)
        elif box := _BOX.fullmatch(line):
            is_box = True
            yield f"> **{box[1]}**"
            yield ">"
        elif div := _DIV.match(line):
            if label := marks.get(div[2] or ""):
                yield f"*{label}*"
        elif not _COMMENT.fullmatch(line) and (line or not _BOX.fullmatch(before)):
            yield _quoted(_ID.sub("", line), is_box)


def _quoted(line: str, is_box: bool) -> str:
    return f"> {line.removeprefix('    ')}".rstrip() if is_box else line


def _absolute(target: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Where *target*, as the page's source says it, is on the site."""
    path, mark, fragment = target.partition("#")
    here = root_url(config) + _path(page, config)
    if not path or re.match(r"\w+:", path):
        return f"{here}{target}" if not path else target
    source = posixpath.normpath(posixpath.join(posixpath.dirname(page.file.src_uri), path))
    file = files.get_file_from_path(source)
    if file is None:  # made by a tool, and said as its address
        return urljoin(here, target)
    return root_url(config) + language_of(config).folder + file.url + mark + fragment
