"""What a build says to those who write pages: where it is, what is wrong, what to do."""

from __future__ import annotations

from pathlib import Path

from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.pages import Page

from tools.pages import ROOT

log = get_plugin_logger("page")


def warn(page: Page, found: str, message: str) -> None:
    """Say what is wrong where the source of *page* first has *found*: a strict build fails."""
    source = Path(str(page.file.abs_src_path))
    lines = enumerate(source.read_text("utf-8").splitlines(), 1)
    number = next((number for number, line in lines if found in line), 1)
    log.warning(f"{source.relative_to(ROOT).as_posix()}:{number}: {message}")
