"""What the lab's code knows of v86 is known of the version that is installed."""

from __future__ import annotations

import re

import pytest

from lab.image import v86_version
from tools.pages import ROOT

WEB = ROOT / "lab/web"


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("machine/tsc.mjs", r'LOOKED_AT = "(.+)"'),
        ("machine/state.mjs", r"// v86 ([\d.]+) cuts the buffers out"),
    ],
)
def test_v86_was_looked_at(path: str, version: str) -> None:
    """Both lean on what that version does inside: ADMIN_TASKS.md says what to look at."""
    found = re.search(version, (WEB / path).read_text("utf-8"))
    assert found, f"lab/web/{path} does not say which v86 it was written for"
    assert found[1] == v86_version(), (
        f"lab/web/{path} was written for v86 {found[1]}, package-lock.json has {v86_version()}: "
        "look at what it says of v86, and change the version there"
    )
