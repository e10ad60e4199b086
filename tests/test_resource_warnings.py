"""Which switch makes a test fail that left a socket to the interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LEAK = """
import socket, unittest

def leak():
    socket.socket()

class TestLeak(unittest.TestCase):
    def test_leak(self):
        leak()
"""


@pytest.mark.parametrize(
    ("switches", "fails"),
    [
        ("-m unittest", False),
        ("-W error -m unittest", False),
        ("-m pytest", False),
        ("-m pytest -W error::ResourceWarning", False),
        ("-m pytest -W error", True),
    ],
)
def test_a_socket_left_open(switches: str, fails: bool, tmp_path: Path) -> None:
    (tmp_path / "test_leak.py").write_text(LEAK, "utf-8")
    done = subprocess.run(
        [sys.executable, *switches.split(), "test_leak.py"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    said = done.stdout + done.stderr
    assert (done.returncode != 0) == fails, said
    assert ("PytestUnraisableExceptionWarning" in said) == (switches.startswith("-m pytest -W"))
