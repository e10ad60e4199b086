"""Where something stands in the source of a page, as a person can click it."""

from __future__ import annotations

from tools.pages import ROOT, Page


def shown(page: Page) -> str:
    """The path of a page, from the root of the project."""
    return page.path.relative_to(ROOT).as_posix()


def place_of(page: Page, needle: str) -> str:
    """docs/…:line of the first line of a page that has *needle*; docs/… where none has."""
    for n, line in enumerate(page.path.read_text("utf-8").splitlines(), 1):
        if needle in line:
            return f"{shown(page)}:{n}"
    return shown(page)
