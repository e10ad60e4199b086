"""The library of examples/alternatives/own_invoice.py that readers copy, in a process with threads.

Each program is the library's part of the example and what is written here; nothing forks inside
pytest. STRESS_FORKS says how often the stress forks; the nightly job says 300.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from runner import EXAMPLES, run
from tests.support.play import STRESS_FORKS

PROGRAM = EXAMPLES / "alternatives" / "own_invoice.py"

START = """
import threading, time
counter = tempfile.NamedTemporaryFile()

def in_child(act):
    pid = os.fork()
    if pid == 0:
        signal.alarm(5)
        try:
            act()
            os._exit(0)
        finally:
            os._exit(1)
    return pid

def code_of(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
"""


def library() -> str:
    text = PROGRAM.read_text("utf-8")
    start, end = "# --8<-- [start:library]\n", "# --8<-- [end:library]\n"
    return text[text.index(start) + len(start) : text.index(end)]


def play(folder: Path, text: str, *, timeout: float = 60) -> list[str]:
    (folder / "program.py").write_text(library() + START + dedent(text), "utf-8")
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "program.py"]
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(folder)}
    ended = run(command, folder, environment, timeout=timeout)
    output = ended.output.decode()
    assert (ended.status, ended.leftovers) == ("0", ()), output
    return output.splitlines()


STOPPED = """
    inside, go_on = threading.Event(), threading.Event()
    real, main, numbers = fcntl.flock, threading.current_thread(), []

    def flock(file, how):
        if how == fcntl.LOCK_UN:
            stop_at("release")
        real(file, how)
        if how == fcntl.LOCK_EX:
            stop_at("acquire")

    def stop_at(point):
        if point == POINT and threading.current_thread() is not main:
            inside.set()
            go_on.wait()

    fcntl.flock = flock
    thread = threading.Thread(target=lambda: numbers.append(next_number()), daemon=True)
    thread.start()
    assert inside.wait(10), "the library does not unlock before it closes the file"
"""


@pytest.mark.parametrize("point", ["acquire", "release"])
def test_a_child_waits_for_a_thread_of_its_parent_and_not_for_itself(
    tmp_path: Path, point: str
) -> None:
    """The thread has the file locked when another forks: the child gets its number afterwards."""
    said = play(
        tmp_path,
        f"    POINT = {point!r}\n"
        + STOPPED
        + """
    pid = in_child(lambda: print("child", next_number(), flush=True))
    go_on.set()
    code = code_of(pid)
    thread.join()
    print("ended with", code, "- thread", *numbers, "- parent", next_number())
    """,
    )
    assert said == ["child 11", "ended with 0 - thread 1 - parent 2"]


def test_the_parent_gets_the_lock_again_while_such_a_child_lives(tmp_path: Path) -> None:
    said = play(
        tmp_path,
        "    POINT = 'acquire'\n"
        + STOPPED
        + """
    pid = in_child(signal.pause)
    go_on.set()
    thread.join()
    signal.alarm(10)
    print(*[next_number() for _ in range(10)])
    os.kill(pid, signal.SIGKILL)
    print(code_of(pid))
    """,
    )
    assert said == ["2 3 4 5 6 7 8 9 10 11", "-9"]


def test_no_number_twice_with_threads_children_and_grandchildren(tmp_path: Path) -> None:
    said = play(
        tmp_path,
        f"    FORKS = {STRESS_FORKS}\n"
        """
    reader, writer = os.pipe()
    running, mine = True, []

    def take():
        while running:
            mine.append(next_number())
            time.sleep(0.0001)

    def tell(count, then=None):
        taken = [next_number() for _ in range(count)]
        os.write(writer, b"".join(b"%d\\n" % number for number in taken))
        if then and code_of(in_child(then)):
            os._exit(3)
        os.write(writer, b"%d\\n" % next_number())

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    codes, told = [], b""
    for _ in range(FORKS):
        codes.append(code_of(in_child(lambda: tell(12, lambda: tell(12)))))
        told += os.read(reader, 65536)
    running = False
    for thread in threads:
        thread.join()
    numbers = mine + [int(line) for line in told.split()]
    print(codes.count(0) == FORKS, len(numbers) - len(mine), len(numbers) - len(set(numbers)))
    """,
        timeout=300,
    )
    assert said == [f"True {26 * STRESS_FORKS} 0"]


def test_an_error_leaves_the_file_unlocked(tmp_path: Path) -> None:
    """Also for a child that was forked while the thread that fails had it locked."""
    said = play(
        tmp_path,
        "    POINT = 'acquire'\n    counter.write(b'broken'), counter.flush()\n"
        + """
    threading.excepthook = lambda failed: print(failed.exc_type.__name__, flush=True)
    """
        + STOPPED
        + """
    def child():
        with open(counter.name, "rb") as file:
            real(file, fcntl.LOCK_EX)

    pid = in_child(child)
    go_on.set()
    thread.join()
    print(code_of(pid))
    """,
    )
    assert said == ["ValueError", "0"]
