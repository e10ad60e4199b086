"""Options and the summary of updates, for every test file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from runner import Servers
from tests.support.built_site import built_once
from tests.support.results import MEASURED, UPDATED, leave_out
from tools.pages import ROOT
from tools.site.build import Built
from tools.site.terms import TermsError, read_terms

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


def pytest_configure() -> None:
    """What every page needs is read first: a mistake there is told once, not by each test."""
    try:
        read_terms()
    except TermsError as error:
        raise pytest.UsageError(str(error)) from None


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Private servers, each started when an example first asks for it."""
    with Servers() as running:
        yield running


@pytest.fixture
def project(site: Built, tmp_path: Path) -> Path:
    """A copy of this project, in which nothing is wrong, that a test may break."""
    copy = tmp_path / "project"
    copy.mkdir()
    for name in ("docs", "examples", "lab", "runner", "tools"):
        shutil.copytree(ROOT / name, copy / name)
    for path in (*ROOT.glob("mkdocs*.yml"), ROOT / "package-lock.json"):
        shutil.copy(path, copy)
    (ROOT / ".cache").mkdir(exist_ok=True)
    (copy / ".cache").symlink_to(ROOT / ".cache")  # with what the cells of notebooks showed
    return copy


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The site and what its build said, built once for all workers of this run."""
    folder = tmp_path_factory.getbasetemp()
    return built_once(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)


@pytest.fixture(scope="session")
def site(built: Built) -> Built:
    """The site, of a build without a mistake."""
    if built.status:
        pytest.fail("the site was not built: see test_the_build", pytrace=False)
    return built


# Playwright is loaded by the tests that use it, not for every run.


@pytest.fixture(scope="session")
def served_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site as it is built now, once for all tests in a browser."""
    from tests.support.browser import built_and_served

    with built_and_served(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def machine() -> None:
    """The Linux of the lab; asked for first, it is looked for before anything is built."""
    from tools.site import lab_files

    if not lab_files.find():
        leave_out("no image of the lab: `make test-lab` builds it")


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
