"""The hooks of examples/locks/hooked_lock.py that readers copy, also when a wait is cut short.

Every program runs alone, as examples do: nothing forks inside pytest. STRESS_FORKS says how often
the storm forks; the nightly job says 300.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from runner import EXAMPLES
from tests.support.play import STRESS_FORKS, Play

TEXT = (EXAMPLES / "locks" / "hooked_lock.py").read_text("utf-8")
HOOKS = TEXT[TEXT.index("import os") : TEXT.index("# --8<-- [end:hooks]")]
PLAIN = """
lock = threading.Lock()
os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release)
"""

START = """
import random, sys, time

signal.alarm(60 + int(os.environ["STRESS_FORKS"]))
said = []
sys.unraisablehook = lambda caught: said.append(type(caught.exc_value).__name__)

class Stop(Exception):
    pass

def say(*words):
    print(*words, flush=True)

def is_free():
    "Whether a thread that has nothing to do with it would get the lock."
    got = []
    def ask():
        got.append(lock.acquire(blocking=False))
        if got[0]:
            lock.release()
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    return got[0]

def ended(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
"""


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return Play(tmp_path, HOOKS + START)


INTERRUPTED = """
    def work():
        with lock:
            locked.set()
            end.wait()

    def interrupt(number, frame):
        "Raises once, in the wait of the hook: no function of Python is on top of the program then."
        global raised
        if asked.is_set() and frame.f_code.co_name == "<module>" and not raised:
            raised = True
            raise Stop

    def insist():
        while not raised:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)

    locked, end, asked, raised = threading.Event(), threading.Event(), threading.Event(), False
    os.register_at_fork(before=asked.set)
    signal.signal(signal.SIGINT, interrupt)
    worker = threading.Thread(target=work)
    worker.start()
    locked.wait()
    threading.Thread(target=insist).start()
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    say("child ended with", ended(pid))
    say("the worker is inside, and the lock is free:", is_free())
    end.set()
    worker.join()
    say("the worker has left, and the lock is free:", is_free())
    say(*said)
"""


def test_a_wait_that_is_cut_short_leaves_the_lock_to_its_holder(play: Play) -> None:
    """Ctrl-C, or any handler that raises, while fork waits: dropped, and the fork goes on."""
    assert play(INTERRUPTED) == [
        "child ended with 1",
        "the worker is inside, and the lock is free: False",
        "the worker has left, and the lock is free: True",
        "Stop RuntimeError",
    ]


def test_an_exception_in_the_hook_of_the_child(play: Play) -> None:
    """After the question whether it has the lock: the child ends rather than keep the answer."""
    said = play("""
    def ask(blocking):
        got = real.acquire(blocking=blocking)
        if os.getpid() != program:
            raise Stop
        return got

    class Lock:
        "A call that a signal interrupts when it has the lock already."
        acquire, release = staticmethod(ask), staticmethod(lambda: real.release())

    program, real = os.getpid(), lock
    lock = Lock
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    say("child ended with", ended(pid))
    """)
    assert said == ["child ended with 1"]


def test_the_test_sees_what_a_plain_lock_does(play: Play) -> None:
    """It has no owner, so the fork releases what the worker holds."""
    catch = "    threading.excepthook = lambda caught: None\n"
    said = play(catch + INTERRUPTED, start="import os, signal, threading\n" + PLAIN + START)
    assert said[:2] == [
        "child ended with 0",
        "the worker is inside, and the lock is free: True",
    ]


def test_the_thread_that_forks_may_hold_the_lock(play: Play) -> None:
    said = play("""
    with lock:
        pid = os.fork()
        if pid == 0:
            signal.alarm(5)
            say("child, inside:", is_free())
    if pid == 0:
        say("child, outside:", is_free())
        os._exit(0)
    say("child ended with", ended(pid), is_free(), *said)
    """)
    assert said == ["child, inside: False", "child, outside: True", "child ended with 0 True"]


def test_a_handler_may_fork_while_a_fork_waits(play: Play) -> None:
    """Both forks wait for the worker, one inside the other; each child goes on where it was."""
    said = play("""
    def work():
        with lock:
            locked.set()
            end.wait()

    def fork(*_):
        if not interrupted.is_set() and os.getpid() == program:
            interrupted.set()
            end.set()
            pids.append(os.fork())

    def insist():
        asked.wait()
        while not interrupted.is_set():
            os.kill(program, signal.SIGUSR1)
            time.sleep(0.01)

    locked, end, asked, interrupted = (threading.Event() for _ in range(4))
    pids, program, is_child = [], os.getpid(), False
    signal.signal(signal.SIGUSR1, fork)
    threading.Thread(target=work).start()
    locked.wait()
    threading.Thread(target=insist).start()
    os.register_at_fork(before=asked.set)
    pids.append(os.fork())
    if 0 in pids:
        signal.alarm(5)
    while 0 in pids:  # what stands before it, a parent has forked
        pids, is_child = pids[pids.index(0) + 1 :], True
    free, codes = is_free(), [ended(pid) for pid in pids]
    if is_child:
        os._exit(0 if free and not any(codes) else 3)
    say(len(pids), "forks:", free, *codes, *said)
    """)
    assert said == ["2 forks: True 0 0"]


STORM = """
    def busy():
        global inside, worst
        while not over:
            with lock:
                inside += 1
                worst = max(worst, inside)
                for _ in range(100):
                    pass
                inside -= 1

    def forks():
        while not over:
            fork_once()

    def fork_once():
        pid = os.fork()
        if pid == 0:
            signal.setitimer(signal.ITIMER_REAL, 5)
            os._exit(0 if inside == 0 and is_free() else 3)
        codes.append(ended(pid))

    def raises(*_):
        global inside_fork
        if inside_fork:
            inside_fork = False
            raise Stop

    def hook_begins():
        global inside_fork
        if threading.current_thread() is threading.main_thread():
            inside_fork = True
            signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-6, 3e-4))

    def hook_ends():
        global inside_fork
        if threading.current_thread() is threading.main_thread():
            inside_fork = False

    random.seed(1)
    sys.setswitchinterval(1e-5)
    threading.excepthook = lambda caught: None
    inside, worst, over, inside_fork, codes = 0, 0, False, False, []
    os.register_at_fork(before=hook_begins)
    os.register_at_fork(after_in_parent=hook_ends)
    signal.signal(signal.SIGALRM, raises)
    threads = [threading.Thread(target=act, daemon=True) for act in (busy, busy, forks)]
    for thread in threads:
        thread.start()
    for _ in range(FORKS):
        fork_once()
    over = True
    for thread in threads:
        thread.join(10)
    unexpected = [code for code in codes if code not in (0, 1)]
    say("cut short", said.count("Stop"))
    say("inside at once", worst)
    say("unexpected", len(unexpected))
    say("threads left", sum(thread.is_alive() for thread in threads))
    say("free", is_free())
    os._exit(0)
"""


def storm(play: Play, hooks: str, forks: int) -> dict[str, str]:
    said = play(STORM.replace("FORKS", str(forks)), start=hooks + START, timeout=60 + forks)
    return dict(line.rsplit(" ", 1) for line in said)


def test_a_storm_of_handlers_that_raise(play: Play) -> None:
    """Two threads work, two fork, and a signal handler raises while a hook runs."""
    found = storm(play, HOOKS, 10 * STRESS_FORKS)
    assert int(found.pop("cut short")) > 0, "no wait was cut short, so nothing is shown"
    assert found == {"inside at once": "1", "unexpected": "0", "threads left": "0", "free": "True"}


def test_the_storm_sees_what_a_plain_lock_does(play: Play) -> None:
    found = storm(play, "import os, signal, threading\n" + PLAIN, 1000)
    assert found["inside at once"] != "1" or found["unexpected"] != "0", found
