"""A browser, and the built site that it visits: the fixtures of tests/conftest.py are made here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.support.results import leave_out
from tools.pages import LANGUAGES, ROOT, Language
from tools.site.build import BUILT_SITE, SITE_URL, build
from tools.site.web_server import serve

CHROMIUM = shutil.which("chromium")
SECONDS = 1000.0  # milliseconds


@dataclass(frozen=True)
class Site:
    """A site that is being served."""

    address: str  # ends with a slash
    folder: Path

    @property
    def pages(self) -> list[str]:
        """The address of every page there is to read, below the root of the site."""
        found = (path for path in self.folder.rglob("*.html") if not _leads_on(path))
        names = (path.relative_to(self.folder).as_posix() for path in found)
        return sorted(name.removesuffix("index.html") for name in names)

    def file(self, page: str) -> Path:
        return (
            self.folder / page / "index.html"
            if page.endswith("/") or not page
            else (self.folder / page)
        )


def _leads_on(path: Path) -> bool:
    return 'http-equiv="refresh"' in path.read_text("utf-8")


def language_at(page: str) -> Language:
    """The language of a page by its address below the root of the site."""
    return max(
        (language for language in LANGUAGES if page.startswith(language.folder)),
        key=lambda language: len(language.folder),
    )


@contextmanager
def built_and_served(folder: Path) -> Iterator[Site]:
    """The site, with Run buttons where `make lab` built their machine."""
    if BUILT_SITE:
        with serve(ROOT / BUILT_SITE, SITE_URL) as address:
            yield Site(address, ROOT / BUILT_SITE)
        return
    with serve(folder) as address:
        built = build(ROOT, folder, address)
        assert built.status == 0, built.problems
        yield Site(address, folder)


@contextmanager
def opened_browser() -> Iterator[Browser]:
    if not CHROMIUM:
        leave_out("no chromium: `make test-browser` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
