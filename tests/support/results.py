"""Tests that are left out, and what tests tell besides whether they passed."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import pytest

from runner.needs import NEEDS, how_to_get

# In CI nothing may be left out, but on macOS only the portable examples are checked.
IN_CI = bool(os.environ.get("CI")) and sys.platform == "linux"
UPDATED = "updated transcript"
MEASURED = "measured"


def require(needs: list[str]) -> None:
    """Leave the test out where a need is not met, with its name; in CI that is a failure."""
    missing = [name for name in needs if not NEEDS[name].is_met()]
    if missing:
        leave_out(how_to_get(missing))


def leave_out(why: str) -> NoReturn:
    """End the test without a result; in CI that is a failure."""
    if IN_CI:
        pytest.fail(why, pytrace=False)
    pytest.skip(why)
