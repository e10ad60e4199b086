"""What docs/en/locks/python-locks.md says beside its transcripts; programs run as examples do."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from runner import EXAMPLES, run

NEW_STDOUT = (EXAMPLES / "locks" / "new_stdout.py").read_text("utf-8")
ERROR = ("-W", "error")
NOT_THIS_ONE = ("-W", "default:This process")


def play(folder: Path, text: str, *options: str) -> tuple[list[str], str]:
    (folder / "program.py").write_text(text, "utf-8")
    command = [sys.executable, *options, "program.py"]
    ended = run(command, folder, {"PATH": os.environ["PATH"]}, timeout=30)
    assert ended.leftovers == ()
    return ended.output.decode().splitlines(), ended.status


@pytest.mark.parametrize(
    "without",
    [
        ("    sys.stdout = open(1, ", "    handler.stream = ", "    logging.error("),
        ("    handler.stream = ", '    print("child: prints")'),
        ("    handler.stream = ", "    logging.error("),
    ],
    ids=["the old stdout", "the old stream of a handler", "the old stream at the end"],
)
def test_what_the_child_does_not_renew_hangs(tmp_path: Path, without: tuple[str, ...]) -> None:
    lines = NEW_STDOUT.replace("signal.alarm(5)", "signal.alarm(1)").splitlines()
    kept = [line for line in lines if not line.startswith(without)]
    assert len(kept) == len(lines) - len(without)
    said, _ = play(tmp_path, "\n".join(kept))
    assert said[-1] == "parent: exit code -14"
    said, _ = play(tmp_path, "\n".join(lines))
    assert said[-1] == "parent: exit code 0"


def test_stderr_is_renewed_in_the_same_way(tmp_path: Path) -> None:
    text = NEW_STDOUT.replace("sys.stdout", "sys.stderr").replace("(1)", "(2)")
    text = text.replace('"x" * 1_000_000', '"x" * 1_000_000, file=sys.stderr')
    text = text.replace('"child: prints"', '"child: prints", file=sys.stderr')
    text = (
        text.replace("dup(1)", "dup(2)").replace("fd, 1)", "fd, 2)").replace("open(1,", "open(2,")
    )
    said, _ = play(tmp_path, text)
    assert said == ["child: prints", "child: logs", "parent: exit code 0"]


FORKS = """
import multiprocessing, os, threading

end = threading.Event()
threading.Thread(target=end.wait).start()
try:
    FORK
except DeprecationWarning:
    print("raised,", end=" ")
    pid = os.waitpid(-1, 0)[0]  # a child all the same
else:
    print("returned,", end=" ")
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)
print("a child:", pid > 0, flush=True)
end.set()
"""
CALLS = {
    "os.fork": "pid = os.fork()",
    "os.forkpty": "pid, _ = os.forkpty()",
    "multiprocessing": "process = multiprocessing.get_context('fork').Process(target=int)\n"
    "    process.start()\n    pid = process.pid",
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_warnings_as_errors_lose_a_child(tmp_path: Path, call: str) -> None:
    """From 3.15 on the call raises in the parent when the child exists already."""
    text = dedent(FORKS).replace("FORK\n", call + "\n")
    said, status = play(tmp_path, text, *ERROR)
    lost = sys.version_info >= (3, 15)
    assert (said[-1], status) == (f"{'raised' if lost else 'returned'}, a child: True", "0")
    said, status = play(tmp_path, text, *ERROR, *NOT_THIS_ONE)
    assert (said[-1], status) == ("returned, a child: True", "0")
