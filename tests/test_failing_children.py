"""A child that fails in a program to copy ends there: it runs none of its parent's code.

The programs are the pages' own, with a failure put in. Each would print a line for every process
that leaves by the end of the interpreter, and only the parent may.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from runner import EXAMPLES, Ended, run

AT_EXIT = "import atexit, os\natexit.register(lambda: os.write(1, b'an interpreter ended\\n'))\n"


def ended(example: str, replaced: dict[str, str], folder: Path) -> Ended:
    text = (EXAMPLES / example).read_text("utf-8")
    for old, new in replaced.items():
        assert text.count(old) == 1, f"{example} has no line {old!r}"
        text = text.replace(old, new)
    (folder / "program.py").write_text(AT_EXIT + text, "utf-8")
    return run(
        [sys.executable, "-u", "program.py"], folder, {"PATH": os.environ["PATH"]}, timeout=30
    )


@pytest.mark.parametrize("error", ["MemoryError", "KeyboardInterrupt", "SystemExit(0)"])
def test_a_writer_that_fails(error: str, tmp_path: Path) -> None:
    line = "writer.sendall(bytes([letter]) * size)"
    result = ended("descriptors/torn_writes.py", {line: f"raise {error}"}, tmp_path)
    said = result.output.decode().splitlines()
    assert (result.status, result.leftovers) == ("1", ())
    assert said.count("an interpreter ended") == 1
    assert said[-2:] == ["a writer failed", "an interpreter ended"]


def test_a_client_that_resets_its_connection(tmp_path: Path) -> None:
    reset = (
        "for end in connections:\n"
        "        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, bytes([1] + [0] * 7))\n"
        "        end.close()\n"
        "    signal.pause()"
    )
    result = ended("descriptors/echo_with.py", {"    signal.pause()": f"    {reset}"}, tmp_path)
    said = result.output.decode().splitlines()
    assert (result.status, result.leftovers) == ("0", ())
    assert said.count("an interpreter ended") == 1
    assert [line for line in said if line.startswith("ConnectionResetError")] != []
