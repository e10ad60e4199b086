"""With which parameters subprocess copies the page tables: what docs/*/memory/cost.py says of it.

A fork write-protects every page of the parent, so that the first write to each of them afterwards
is a page fault. vfork() and posix_spawn() leave the pages alone. Counted, so no clock is asked.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from runner import run

PROGRAM = """
import contextlib, mmap, os, resource, subprocess

PAGES = 4096
memory = mmap.mmap(-1, PAGES * mmap.PAGESIZE, mmap.MAP_PRIVATE)
memory.madvise(mmap.MADV_NOHUGEPAGE)

def faults_of_writing():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    memory[:: mmap.PAGESIZE] = PAGE
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

PAGE = bytes(PAGES)
faults_of_writing()
with contextlib.suppress(PermissionError):  # the child may not set groups, but it was forked
    subprocess.run(["/bin/sh", "-c", ":"], PARAMETERS)
print("fork" if faults_of_writing() >= PAGES else "no fork")
"""


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("", "no fork"),
        ("cwd='/'", "no fork"),
        ("start_new_session=True, umask=0o77, process_group=None", "no fork"),
        ("preexec_fn=int", "fork"),
        ("user=os.getuid()", "fork"),
        ("group=os.getgid()", "fork"),
        ("extra_groups=[]", "fork"),
    ],
)
def test_who_forks(tmp_path: Path, parameters: str, expected: str) -> None:
    text = dedent(PROGRAM).replace("PARAMETERS", parameters)
    (tmp_path / "program.py").write_text(text, "utf-8")
    command = [sys.executable, "program.py"]
    ended = run(command, tmp_path, {"PATH": os.environ["PATH"]}, timeout=30)
    output = ended.output.decode()
    assert (ended.status, ended.leftovers, output.strip()) == ("0", (), expected)
