"""Which random numbers two children share: what docs/*/alternatives/verdict.md says of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from runner import run

PROGRAM = """
import os, random
SETUP

def in_child():
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(writer, repr(NUMBER).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(writer)
    return os.read(reader, 100)

print("the same" if in_child() == in_child() else "different")
"""


@pytest.mark.parametrize(
    ("setup", "number", "expected"),
    [
        ("", "random.random()", "different"),
        ("generator = random.Random()", "generator.random()", "the same"),
        ("import numpy.random", "numpy.random.random()", "the same"),
        ("import numpy; generator = numpy.random.default_rng()", "generator.random()", "the same"),
        ("", "random.Random().random()", "different"),
    ],
)
def test_two_children(tmp_path: Path, setup: str, number: str, expected: str) -> None:
    text = PROGRAM.replace("SETUP", setup).replace("NUMBER", number)
    (tmp_path / "program.py").write_text(text, "utf-8")
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "program.py"]
    environment = {"PATH": os.environ["PATH"], "OPENBLAS_NUM_THREADS": "1"}
    ended = run(command, tmp_path, environment, timeout=60)
    output = ended.output.decode()
    assert (ended.status, ended.leftovers, output.strip()) == ("0", (), expected)
