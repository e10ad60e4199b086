"""Options and the summary of updates, for every test file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from tests.runner import Servers
from tests.runner.needs import NEEDS

# In CI nothing may be left out, but on macOS only the portable examples are checked.
IN_CI = bool(os.environ.get("CI")) and sys.platform == "linux"
UPDATED = "updated transcript"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--repeat",
        type=int,
        default=1,
        metavar="N",
        help="run each example N times, every other time in a terminal",
    )


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Private servers, each started when an example first asks for it."""
    with Servers() as running:
        yield running


def require(needs: list[str]) -> None:
    """Leave the test out where a need is not met, with its name; in CI that is a failure."""
    missing = [name for name in needs if not NEEDS[name].is_met()]
    if missing:
        packages = " ".join(NEEDS[name].debian for name in missing)
        message = f"{', '.join(missing)} not found; on Debian: apt-get install {packages}"
        (pytest.fail if IN_CI else pytest.skip)(message)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each transcript that --update-examples wrote."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for key, value in getattr(report, "user_properties", []):
                if key == UPDATED and report.when == "call":
                    terminalreporter.write_line(f"updated {value}")
