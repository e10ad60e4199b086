"""The child of examples/processes/careful_child.py, which readers copy: it leaves by os._exit().

Most programs below are that example with one line put before it, or put in the place of the
child's work. Each runs alone, as examples do: nothing forks inside pytest.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from runner import EXAMPLES
from tests.support.play import Play, changed

CAREFUL = (EXAMPLES / "processes" / "careful_child.py").read_text("utf-8")
WORK = 'print("child: working in the directory")'
WAIT = "os.waitpid(start(work), 0)"
REPORT = """_, status = os.waitpid(start(work), 0)
    print("exit code", os.waitstatus_to_exitcode(status))"""
SIGNAL_IN_FORK = """
import ctypes, functools, os, random, signal, tempfile  # whose hook must run before ours
send = getattr(ctypes.CDLL(None), "raise")  # no Python between it and the end of fork
os.register_at_fork(after_in_child=functools.partial(send, int(signal.SIGINT)))
"""


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return Play(tmp_path)


def test_a_signal_that_comes_while_fork_returns(play: Play) -> None:
    """The exception of its handler is raised in the child, and must not leave the child's block."""
    said = play(SIGNAL_IN_FORK + CAREFUL)
    assert said[-1] == "directory exists: True"
    assert "KeyboardInterrupt" in said[-2], "the signal never came: this test shows nothing"


def test_the_test_sees_a_child_that_does_not_block_signals(play: Play) -> None:
    open_to_all = changed(CAREFUL, ("signal.SIG_BLOCK, every", "signal.SIG_BLOCK, []"))
    said = play(SIGNAL_IN_FORK + open_to_all)
    assert said[-1] == "directory exists: False"


@pytest.mark.parametrize(
    ("work", "exit_code", "says"),
    [
        ("pass", 0, ""),
        ("sys.exit()", 0, ""),
        ("sys.exit(0)", 0, ""),
        ("sys.exit(3)", 3, ""),
        ("sys.exit(-1)", 255, ""),
        ("sys.exit(2**70 + 5)", 5, ""),
        ("sys.exit(True)", 1, ""),
        ("sys.exit('cannot read the config')", 1, "cannot read the config"),
        ("sys.exit('')", 1, ""),
        ("sys.exit(OSError('gone'))", 1, "gone"),
        ("__import__('argparse').ArgumentParser().parse_args(['x'])", 2, "unrecognized arguments"),
        ("1 / 0", 1, "ZeroDivisionError"),
        ("raise KeyboardInterrupt", 1, "KeyboardInterrupt"),
        ("os.close(1); print('into nowhere')", 1, "Bad file descriptor"),
        ("sys.stderr = None; sys.exit('nobody hears this')", 1, ""),
        ("os.close(2); 1 / 0", 1, ""),
    ],
)
def test_the_exit_code_is_what_the_work_asked_for(
    play: Play, work: str, exit_code: int, says: str
) -> None:
    said = play(changed(CAREFUL, (WORK, work), (WAIT, REPORT)))
    assert said[-2:] == [f"exit code {exit_code}", "directory exists: True"]
    assert says in "\n".join(said)


def test_signals_are_open_again_in_parent_and_child(play: Play) -> None:
    mask = "print(signal.pthread_sigmask(signal.SIG_BLOCK, []), flush=True)"
    said = play(changed(CAREFUL, (WORK, mask), (WAIT, f"{WAIT}\n    {mask}")))
    assert sorted(said) == ["directory exists: True", "set()", "set()"]


@pytest.mark.parametrize(
    "fails",
    [
        "def fork(): raise BlockingIOError(11, 'no more')\nos.fork = fork\n",
        # what the call itself does if Ctrl-C has come just before it
        "real = signal.pthread_sigmask\n"
        "def interrupted(how, mask):\n"
        "    old = real(how, mask)\n"
        "    if how == signal.SIG_BLOCK and mask: raise KeyboardInterrupt\n"
        "    return old\n"
        "signal.pthread_sigmask = interrupted\n",
    ],
)
def test_signals_are_open_again_if_the_parent_gets_no_child(play: Play, fails: str) -> None:
    body = "".join(f"    {line}" for line in CAREFUL.splitlines(keepends=True))
    after = "except BaseException: print(signal.pthread_sigmask(signal.SIG_BLOCK, []))\n"
    assert play(f"import os, signal\n{fails}try:\n{body}{after}") == ["set()"]


def test_a_program_that_was_started_without_stdout(play: Play) -> None:
    """sys.stdout is None then, and has no flush()."""
    to_stderr = changed(REPORT, ("(status))", "(status), file=sys.stderr)"))
    said = play("import sys\nsys.stdout = None\n" + changed(CAREFUL, (WAIT, to_stderr)))
    assert said == ["exit code 0"]


def test_what_was_printed_before_the_fork_comes_once(play: Play) -> None:
    assert play("print('before')\n" + CAREFUL).count("before") == 1


def test_the_test_sees_a_parent_that_does_not_flush(play: Play) -> None:
    flushes = 'def start(work):\n    print(end="", flush=True)  # (1)!\n'
    careless = changed(CAREFUL, (flushes, "def start(work):\n"))
    assert play("print('before')\n" + careless).count("before") == 2


def test_in_a_thread(play: Play) -> None:
    whole = "".join(f"    {line}" for line in changed(CAREFUL, (WAIT, REPORT)).splitlines(True))
    whole = changed(whole, (WORK, "sys.exit(7)"))
    thread = "thread = threading.Thread(target=main)\nthread.start()\nthread.join()\n"
    text = f"import threading\ndef main():\n{whole}\n{thread}"
    assert play(text) == ["exit code 7", "directory exists: True"]


STORM = """
import os, random, signal
random.seed(1)
class Late(Exception): pass
def late(*_): raise Late
signal.signal(signal.SIGALRM, late)
def soon(): signal.setitimer(signal.ITIMER_REAL, random.randint(1, 400) / 1e6)
def work(): sum(range(3000))
os.register_at_fork(before=random.random, after_in_child=soon)
gone = interrupted = 0
for _ in range(FORKS):
    try:
        _, status = os.waitpid(start(work), 0)
    except Late:
        os._exit(77)  # it left the child's block
    interrupted += status != 0
    gone += status == 77 << 8
print("gone:", gone, "interrupted:", interrupted > 0)
"""


def storm(program: str, forks: int) -> str:
    head, _ = program.split("# --8<-- [start:work]\n")
    head = changed(head, ("traceback.print_exc()", "pass"))
    return head + STORM.replace("FORKS", str(forks))


def test_signals_at_any_point_of_the_child(play: Play) -> None:
    assert play(storm(CAREFUL, 200)) == ["gone: 0 interrupted: True"]


def test_a_child_of_a_pool_thread_waits_for_the_next_job(play: Play) -> None:
    """sys.exit() in a child of a worker thread is caught; os._exit() leaves."""
    text = """
import os, signal, sys
from concurrent.futures import ThreadPoolExecutor

def job(leave):
    pid = os.fork()
    if pid == 0:
        signal.alarm(1)
        leave(7)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)

with ThreadPoolExecutor(1) as pool:
    print(*[pool.submit(job, leave).result() for leave in (sys.exit, os._exit)])
"""
    assert play(text) == ["-14 7"]


@pytest.mark.parametrize(
    ("way", "exit_code"),
    [("sys.exit(7)", "0"), ("1 / 0", "0"), ("None", "0"), ("os._exit(7)", "7")],
)
def test_a_child_of_any_other_thread(play: Play, way: str, exit_code: str) -> None:
    """Only os._exit() says what happened; what the child printed is lost in all four."""
    text = changed(
        (EXAMPLES / "processes" / "exit_in_thread.py").read_text("utf-8"),
        ("sys.exit(7)", f'print("printed", end=" "); {way}; return'),
        ("import os\n", "import os\nimport threading\nthreading.excepthook = print\n"),
    )
    said = play(text)
    assert said[-1] == f"exit code {exit_code}"
    assert "printed" not in "\n".join(said)


def test_a_child_of_a_running_event_loop(play: Play) -> None:
    """From 3.14 on it stays in the parent's loop, whose timers then run in it until the alarm."""
    text = """
import asyncio, os, signal, sys

def timer(loop, parent):
    if os.getpid() != parent:
        print("a timer of the parent runs in the child", flush=True)
    loop.call_later(0.01, timer, loop, parent)

async def main():
    timer(asyncio.get_running_loop(), os.getpid())
    pid = os.fork()
    if pid == 0:
        signal.alarm(2 if sys.version_info >= (3, 14) else 20)
        LEAVE
    _, status = os.waitpid(pid, 0)
    print("exit code", os.waitstatus_to_exitcode(status))

asyncio.run(main())
"""
    said = play(text.replace("LEAVE", "sys.exit(7)"))
    if sys.version_info >= (3, 14):
        (error,) = [line for line in said if line.startswith("RuntimeError")]
        assert re.fullmatch(r"RuntimeError: loop <.*> is not the running loop", error)
        assert said[-2:] == ["a timer of the parent runs in the child", "exit code -14"]
    else:
        assert said[-1] == "exit code 7"
    assert play(text.replace("LEAVE", "os._exit(7)")) == ["exit code 7"]


def test_a_child_that_exits_ends_its_parents_workers(play: Play) -> None:
    """The handler that multiprocessing registers with atexit ends daemonic ones, and complains."""
    text = """
import multiprocessing, os, signal, sys
context = multiprocessing.get_context("fork")
worker = context.Process(target=signal.pause, daemon=True)
worker.start()
pid = os.fork()
if pid == 0:
    LEAVE
os.waitpid(pid, 0)
worker.join(1)
print("worker", worker.exitcode)
"""
    said = play(text.replace("LEAVE", "sys.exit()"))
    assert "AssertionError: can only join a child process" in said
    assert said[-1] == "worker -15"
    assert play(text.replace("LEAVE", "os._exit(0)")) == ["worker None"]
