"""The site built from outside, for tests and commands, and looked at as files.

BUILT_SITE names a folder that is built already, for the addresses SITE_URL and REPO_URL: then that
very site is tested, in the browser too, and may be published.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

BUILT_SITE = os.environ.get("BUILT_SITE")
SITE_URL = os.environ["SITE_URL"] if BUILT_SITE else "https://site.example/after-fork/"
REPO_URL = os.environ["REPO_URL"] if BUILT_SITE else "https://code.example/after-fork"
ROOT_PATH = urlsplit(SITE_URL).path
_WHERE_THE_USER_IS = ("HOME", "XDG_CACHE_HOME")  # and with them the lab's image, and git's settings


@dataclass(frozen=True)
class Built:
    """A site as it was built, and what the build said."""

    folder: Path
    log: str
    status: int

    @property
    def problems(self) -> str:
        """The warnings and errors of the build, "" for none."""
        lines = self.log.splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith("INFO "))

    @cached_property
    def pages(self) -> dict[str, BeautifulSoup]:
        """Each HTML file by its address below the site's root."""
        paths = (path.relative_to(self.folder) for path in sorted(self.folder.rglob("*.html")))
        return {path.as_posix(): self.read(path.as_posix()) for path in paths}

    def read(self, name: str) -> BeautifulSoup:
        """One HTML file by its address below the site's root."""
        return BeautifulSoup((self.folder / name).read_text("utf-8"), "html.parser")

    @cached_property
    def ids(self) -> dict[str, set[str]]:
        """What a link may lead to on each page, by its address below the site's root."""
        return {
            name: {str(tag["id"]) for tag in page.find_all(id=True)}
            for name, page in self.pages.items()
        }

    def file_for(self, address: str) -> Path:
        path = self.folder / unquote(urlsplit(address).path.removeprefix(ROOT_PATH))
        return path / "index.html" if path.is_dir() else path


def build(project: Path, folder: Path, site_url: str = SITE_URL) -> Built:
    """Build *project* strictly into *folder*."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=project,
        env={
            **{name: os.environ[name] for name in _WHERE_THE_USER_IS if name in os.environ},
            "PATH": "/usr/bin:/bin",
            "SITE_URL": site_url,
            "REPO_URL": REPO_URL,
            "NO_MKDOCS_2_WARNING": "1",  # the theme announces its successor at each start
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return Built(folder, done.stdout, done.returncode)
