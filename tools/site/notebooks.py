"""Notebooks among the pages: ``docs/<language>/<chapter>/<page>.py``, in Jupytext's percent format.

The page is rendered by the site's own Markdown like any other, with the same includes, marks,
headings and checks of links, and without the 600 kB that a notebook brings along. mkdocs-jupyter
runs the cells, a cell that fails fails the build, and what they show is put below them.

Cells read records and draw them (tools/figures/), in both languages at once. What they showed is
kept in ``.cache/notebooks`` until something changes that decides it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from bs4 import BeautifulSoup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from tools.pages import (
    CODES,
    EXAMPLES,
    ROOT,
    find_fences,
    notebook_as_markdown,
    split_front_matter,
)
from tools.site.languages import language_of
from tools.words import WORDS

KEPT = ROOT / ".cache" / "notebooks"

_outputs: dict[str, list[dict[str, str]]] = {}  # of the cells of a page, by its path

_CELL = re.compile(r'(<div class="language-python cell highlight">.*?</code></pre></div>)', re.S)
_BALLAST = re.compile(r"<(style|script)\b.*?</\1>", re.S)


def is_notebook(page: Page) -> bool:
    return page.file.src_uri.endswith(".py")


def take_over(page: Page, config: MkDocsConfig, files: Files) -> None:
    """Let mkdocs-jupyter run the cells when that is due, and our own Markdown render the page."""
    if "render" not in vars(page):
        raise BuildError(f"{page.file.src_uri}: mkdocs-jupyter does not know this notebook")
    run_cells = partial(vars(page).pop("render"), config, files)
    _outputs[page.file.src_uri] = _outputs_of_cells(page, run_cells)


def markdown_of(page: Page) -> str:
    """The Markdown of a notebook; its front matter becomes the page's."""
    matter, body = split_front_matter(notebook_as_markdown(page.file.content_string))
    page.meta = yaml.safe_load(matter)
    return body


def put_outputs(html: str, page: Page, config: MkDocsConfig) -> str:
    """Put what each cell shows below its code in the HTML of a notebook."""
    language = language_of(config).code
    shown = [output[language] for output in _outputs[page.file.src_uri]]
    parts = _CELL.split(html)  # text, cell, text, cell, … text
    parts[1::2] = [code + output for code, output in zip(parts[1::2], shown, strict=True)]
    return "".join(parts)


def _outputs_of_cells(page: Page, run_cells: Callable[[], None]) -> list[dict[str, str]]:
    """What each cell shows, as HTML by language."""
    kept = KEPT / f"{_state_of(page)}.json"
    if not kept.exists():
        with _kernel_settings():
            _in_a_thread(run_cells)
        written = kept.with_suffix(f".{os.getpid()}")
        written.write_text(json.dumps(list(_outputs_in(page))), "utf-8")
        written.rename(kept)  # at once: another build may read it
    outputs: list[dict[str, str]] = json.loads(kept.read_text("utf-8"))
    return outputs


def _outputs_in(page: Page) -> Iterator[dict[str, str]]:
    """See _outputs_of_cells; from the HTML of mkdocs-jupyter."""
    soup = BeautifulSoup(_BALLAST.sub("", page.content or ""), "html.parser")
    for cell in soup.select(".jp-CodeCell[id]"):
        for output in cell.select(".jp-OutputArea-output:not([data-mime-type='text/html'])"):
            raise BuildError(f"{page.file.src_uri}: a cell prints: {output.get_text().strip()}")
        yield {
            code: "".join(part.decode_contents() for part in cell.select(f"div[lang={code}]"))
            for code in CODES
        }


def _in_a_thread(run_cells: Callable[[], None]) -> None:
    """Run cells, and let SIGINT and SIGTERM wait the second or two until they are done.

    In the main thread nbclient would handle both itself, and never give them back.
    """
    came: list[int] = []
    handlers = {
        number: signal.signal(number, lambda number, _: came.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        with ThreadPoolExecutor(max_workers=1) as thread:
            thread.submit(run_cells).result()
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])


def _state_of(page: Page) -> str:
    """A name for everything that decides what the cells show."""
    markdown = notebook_as_markdown(page.file.content_string)
    cells = [fence.body for fence in find_fences(markdown) if fence.is_cell]
    versions = [sys.version, *map(version, ("matplotlib", "mkdocs-jupyter", "nbconvert"))]
    state = hashlib.sha256(repr((cells, versions)).encode())
    sources = (*(ROOT / "tools").rglob("*.py"), *EXAMPLES.glob("*/*.figures.json"), WORDS)
    for path in sorted(sources):
        state.update(path.read_bytes())
    return state.hexdigest()[:16]


@contextmanager
def _kernel_settings() -> Iterator[None]:
    """Let kernels speak through sockets of a folder, not through ports, and leave nothing."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=KEPT) as folder:
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
            os.environ[name] = folder
        os.environ["MPLCONFIGDIR"] = str(KEPT)  # it looks through all fonts but once
        # The address of a socket is short: 107 bytes on Linux, 103 on macOS.
        sockets = {"transport": "ipc", "ip": os.path.relpath(f"{folder}/kernel")}
        Path(folder, "jupyter_nbconvert_config.json").write_text(
            json.dumps({"KernelManager": sockets}), "utf-8"
        )
        yield
