"""Options and the summary of updates, for every test file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runner import Servers
from tests.support.results import MEASURED, UPDATED
from tools.pages import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.browser import Site


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--repeat",
        type=int,
        metavar="N",
        help="run each example N times, every other time in a terminal; "
        "without it once, and 50 times what has changed, half of them beside other work",
    )
    parser.addoption(
        "--load",
        type=int,
        default=0,
        metavar="N",
        help="keep N other processes busy while an example runs",
    )


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Private servers, each started when an example first asks for it."""
    with Servers() as running:
        yield running


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of this project that a test may break."""
    copy = tmp_path / "project"
    copy.mkdir()
    for name in ("docs", "examples", "lab", "runner", "tools"):
        shutil.copytree(ROOT / name, copy / name)
    for path in (*ROOT.glob("mkdocs*.yml"), ROOT / "package-lock.json"):
        shutil.copy(path, copy)
    (ROOT / ".cache").mkdir(exist_ok=True)
    (copy / ".cache").symlink_to(ROOT / ".cache")  # with what the cells of notebooks showed
    return copy


# Playwright is loaded by the tests that use it, not for every run.


@pytest.fixture(scope="session")
def served_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site as it is built now, once for all tests in a browser."""
    from tests.support.browser import built_and_served

    with built_and_served(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from tests.support.browser import opened_browser

    with opened_browser() as browser:
        yield browser


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each transcript that --update-examples wrote, and say what was measured."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for key, value in getattr(report, "user_properties", []):
                if report.when != "call":
                    continue
                if key == UPDATED:
                    terminalreporter.write_line(f"updated {value}")
                if key == MEASURED:
                    terminalreporter.write_line(str(value))
