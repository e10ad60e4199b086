"""Notebooks among the pages: ``docs/<language>/<chapter>/<page>.py``, in Jupytext's percent format.

mkdocs-jupyter runs the cells, and a cell that fails fails the build. What the cells show is put
into the page; the page itself is rendered by the site's own Markdown like any other, with the same
includes, marks, headings and checks of links, and without the 600 kB that a notebook brings along.

A notebook is executed again only when something it depends on has changed. What it showed lies in
a folder that lives as long as ``mkdocs build`` or ``mkdocs serve``, and that the cells know too.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path

import yaml
from bs4 import BeautifulSoup, Tag
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from tools.figures import FOLDER, LANGUAGE
from tools.languages import language_of
from tools.pages import EXAMPLES, ROOT, notebook_as_markdown, split_front_matter

log = get_plugin_logger("notebook")

MEASURES_HERE = sys.platform == "linux"  # as the programs that the cells run

_CELL = re.compile(r'(<div class="language-python cell highlight">.*?</code></pre></div>)', re.S)
_BALLAST = re.compile(r"<(style|script)\b.*?</\1>", re.S)
_TOOL = re.compile(r"^from tools import (\w+)$", re.M)
_PROGRAM = re.compile(r'"([\w-]+/[\w-]+\.py)"')
_OUTPUT = ".jp-OutputArea-output"


def is_notebook(page: Page) -> bool:
    return page.file.src_uri.endswith(".py")


def take_over(page: Page) -> None:
    """Let mkdocs-jupyter execute the page, and the site's Markdown render it."""
    if "render" not in vars(page):
        raise BuildError(f"{page.file.src_uri}: mkdocs-jupyter does not know this notebook")
    execute = page.render

    def render(config: MkDocsConfig, files: Files) -> None:
        shown = _shown_by_cells(page, execute, config, files) if MEASURES_HERE else []
        Page.render(page, config, files)
        parts = _CELL.split(page.content or "")  # text, cell, text, cell, … text
        if not MEASURES_HERE:
            log.info(f"'{page.file.src_uri}': without figures, which are measured on Linux")
            shown = [""] * (len(parts) // 2)
        parts[1::2] = [code + output for code, output in zip(parts[1::2], shown, strict=True)]
        page.content = "".join(parts)

    page.render = render  # type: ignore[method-assign]


def markdown_of(page: Page) -> str:
    """The Markdown of a notebook; its front matter becomes the page's."""
    matter, body = split_front_matter(notebook_as_markdown(page.file.content_string))
    page.meta = yaml.safe_load(matter)
    return body


def _shown_by_cells(
    page: Page,
    execute: Callable[[MkDocsConfig, Files], None],
    config: MkDocsConfig,
    files: Files,
) -> list[str]:
    """What each cell shows, as HTML."""
    stored = _folder() / f"{_state_of(page, config)}.json"
    if not stored.exists():
        os.environ[LANGUAGE] = language_of(config).code
        execute(config, files)
        html = _BALLAST.sub("", page.content or "")
        cells = BeautifulSoup(html, "html.parser").select(".jp-CodeCell[id]")
        shown = [
            "".join(_part_of_the_page(output, page) for output in cell.select(_OUTPUT))
            for cell in cells
        ]
        stored.write_text(json.dumps(shown), "utf-8")
    return [str(html) for html in json.loads(stored.read_text("utf-8"))]


def _part_of_the_page(output: Tag, page: Page) -> str:
    kind = output.get("data-mime-type")
    if kind == "text/html":
        return output.decode_contents()
    if kind == "application/vnd.jupyter.stderr":
        log.warning(f"'{page.file.src_uri}': a cell complains: {output.get_text().strip()}")
    text = escape(output.get_text().strip(), quote=False)
    return f'<div class="language-console highlight"><pre><code>{text}\n</code></pre></div>'


def _state_of(page: Page, config: MkDocsConfig) -> str:
    """A name for everything that decides what the cells show."""
    state = hashlib.sha256(f"{sys.version} {language_of(config).code}".encode())
    source = Path(str(page.file.abs_src_path))
    text = source.read_text("utf-8")
    programs = {EXAMPLES / name for name in _PROGRAM.findall(text)}
    tools = {ROOT / "tools" / f"{name}.py" for name in ("figures", *_TOOL.findall(text))}
    for path in (source, *sorted(programs | tools)):
        state.update(path.read_bytes())
    return state.hexdigest()[:16]


def _folder() -> Path:
    # Named in the environment: the kernel inherits it, and it outlives a reload of this module.
    if FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="after-fork-notebooks-")
        atexit.register(shutil.rmtree, os.environ[FOLDER], ignore_errors=True)
    folder = Path(os.environ[FOLDER])
    # Kernels speak through sockets of this folder, not through ports, and keep nothing elsewhere.
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        os.environ[name] = str(folder)
    sockets = {"transport": "ipc", "ip": str(folder / f"kernel-{os.getpid()}")}
    (folder / "jupyter_nbconvert_config.json").write_text(
        json.dumps({"KernelManager": sockets}), "utf-8"
    )
    return folder
