"""What the pages on hooks say of Python versions, asked of the Python that runs the tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from runner import run

SINCE = {
    "threading": (3, 7),
    "random": (3, 7),
    "logging": (3, 9),
    "concurrent.futures.thread": (3, 9),
    "asyncio.events": (3, 12),
    "multiprocessing.resource_tracker": (3, 14),  # backported to later 3.13
    "importlib.metadata": (3, 15),
}

REGISTERED = f"""
import importlib, os, sys

def register_at_fork(**hooks):
    modules.add(sys._getframe(1).f_globals["__name__"])

modules, os.register_at_fork = set(), register_at_fork
for name in {list(SINCE)}:
    importlib.import_module(name)
print(*sorted(modules), sep="\\n")
"""

REFUSING = """
import os, sys
os.register_at_fork(before=sys.exit)
pid = os.fork()
if pid == 0:
    os._exit(0)
os.waitpid(pid, 0)
"""


def lines_of(program: str, folder: Path, *options: str) -> list[str]:
    (folder / "program.py").write_text(program, "utf-8")
    command = [sys.executable, *options, "program.py"]
    ended = run(command, folder, {"PATH": os.environ["PATH"]}, timeout=20)
    assert ended.status == "0", ended.output.decode()
    return ended.output.decode().splitlines()


def test_which_modules_register_hooks(tmp_path: Path) -> None:
    backported = {"multiprocessing.resource_tracker"} if sys.version_info[:2] == (3, 13) else set()
    expected = {name for name, version in SINCE.items() if sys.version_info >= version}
    found = set(lines_of(REGISTERED, tmp_path, "-S"))  # site may import some of them first
    assert found - backported == expected - backported


def test_how_python_reports_the_exception_of_a_hook(tmp_path: Path) -> None:
    said = "in atfork callback" if sys.version_info >= (3, 14) else "in:"
    assert f"Exception ignored {said} <built-in function exit>" in "\n".join(
        lines_of(REFUSING, tmp_path)
    )
