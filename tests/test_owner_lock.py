"""The lock of examples/locks/owner_lock.py that readers copy: what it promises, and under stress.

Every program runs alone, as examples do: nothing forks inside pytest. STRESS_FORKS says how often
the stress forks; the nightly job says 300.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runner import EXAMPLES
from tests.support.play import STRESS_FORKS, Play

MODULE = EXAMPLES / "locks" / "owner_lock.py"

START = """
import gc, os, signal, sys, threading, time, _thread
from owner_lock import OwnerLock, every_lock

def in_child(act, seconds=5):
    pid = os.fork()
    if pid == 0:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            act()
            os._exit(0)
        except BaseException as error:
            print("child:", repr(error), flush=True)
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    print("child ended with", code, flush=True)

def say(*words):
    print(*words, flush=True)

def in_thread(act, start=lambda act: threading.Thread(target=act).start()):
    "Run act(tell, wait) in a thread; returns when it has called tell()."
    told, go_on = threading.Event(), threading.Event()
    start(lambda: act(told.set, go_on.wait))
    told.wait()
    return go_on.set
"""


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return Play(tmp_path, START, module=MODULE)


HALF_DONE = """
    balance = {"savings": 100, "wallet": 0}

    def transfer(tell, wait):
        with lock:
            balance["savings"] -= 30
            tell()
            wait()
            balance["wallet"] += 30

    lock = OwnerLock()
"""


def test_a_child_gets_the_lock_of_a_lost_thread_and_is_told(play: Play) -> None:
    said = play(
        HALF_DONE
        + """
    def child():
        say(lock.acquire(timeout=1), lock.abandoned, sum(balance.values()))

    finish = in_thread(transfer)
    in_child(child)
    finish()
    lock.acquire()
    say(lock.abandoned, sum(balance.values()))
    """
    )
    assert said == ["True True 70", "child ended with 0", "False 100"]


def test_the_mark_stays_until_it_is_cleared(play: Play) -> None:
    said = play(
        HALF_DONE
        + """
    def child():
        for _ in range(2):
            with lock:
                say(lock.abandoned)
        lock.abandoned = False
        with lock:
            say(lock.abandoned)

    finish = in_thread(transfer)
    in_child(child)
    finish()
    """
    )
    assert said == ["True", "True", "False", "child ended with 0"]


def test_a_child_of_the_child_is_told_as_well(play: Play) -> None:
    said = play(
        HALF_DONE
        + """
    def child():
        in_child(lambda: say(lock.acquire(timeout=1), lock.abandoned))

    finish = in_thread(transfer)
    in_child(child)
    finish()
    """
    )
    assert said == ["True True", "child ended with 0", "child ended with 0"]


def test_what_the_forking_thread_holds_stays_its_own(play: Play) -> None:
    said = play("""
    lock = OwnerLock()

    def child():
        say(lock.depth, lock.abandoned)
        lock.release()
        lock.release()
        say(lock.owner, lock.acquire(timeout=1))

    with lock, lock:
        in_child(child)
    say(lock.owner, lock.abandoned)
    """)
    assert said == ["2 False", "None True", "child ended with 0", "None False"]


def test_a_fork_in_a_thread(play: Play) -> None:
    said = play("""
    mine, its = OwnerLock(), OwnerLock()

    def forks(tell, wait):
        with its:
            in_child(lambda: say(its.depth, its.abandoned, mine.acquire(timeout=1), mine.abandoned))
        tell()

    with mine:
        in_thread(forks)
    say(mine.abandoned, its.abandoned)
    """)
    assert said == ["1 False True True", "child ended with 0", "False False"]


def test_a_thread_that_python_did_not_start(play: Play) -> None:
    """Its Thread object is a dummy, which raises when it is asked whether a dead one lives."""
    said = play(
        HALF_DONE
        + """
    finish = in_thread(transfer, start=lambda act: _thread.start_new_thread(act, ()))
    in_child(lambda: say(lock.acquire(timeout=1), lock.abandoned))
    finish()
    lock.acquire()
    say(lock.abandoned)
    """
    )
    assert said == ["True True", "child ended with 0", "False"]


def test_the_guard_of_the_lock_may_be_held_at_the_fork(play: Play) -> None:
    said = play("""
    lock = OwnerLock()

    def hold(tell, wait):
        with lock.guard:
            tell()
            wait()

    let_go = in_thread(hold)
    in_child(lambda: say(lock.acquire(timeout=1), lock.abandoned), seconds=2)
    let_go()
    """)
    assert said == ["True False", "child ended with 0"]


def test_an_owner_that_ends_without_a_fork(play: Play) -> None:
    said = play("""
    lock = OwnerLock()
    thread = threading.Thread(target=lock.acquire)
    thread.start()
    thread.join()
    say(lock.acquire(timeout=1), lock.abandoned)
    """)
    assert said == ["True True"]


def test_nobody_gets_a_lock_that_is_held(play: Play) -> None:
    said = play("""
    lock = OwnerLock()

    def other():
        say(lock.acquire(blocking=False), lock.acquire(timeout=0), lock.acquire(timeout=0.2))
        try:
            lock.release()
        except RuntimeError as error:
            say(error)

    with lock, lock:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    say(lock.acquire(blocking=False), lock.abandoned)
    """)
    assert said == ["False False False", "only its owner may release it", "True False"]


def test_a_timeout_that_is_over_does_not_wait(play: Play) -> None:
    said = play("""
    lock = OwnerLock()

    def other():
        say(lock.acquire(timeout=-0.5), lock.acquire(blocking=False, timeout=60))

    with lock:
        thread = threading.Thread(target=other, daemon=True)
        thread.start()
        thread.join(5)
    """)
    assert said == ["False False"]


def test_the_main_thread_keeps_it_in_functions_of_atexit(play: Play) -> None:
    """They run when is_alive() of the main thread is False already, beside daemon threads."""
    said = play("""
    import atexit
    lock = OwnerLock()

    def other(tell, wait):
        wait()
        say(lock.acquire(timeout=0.2))
        tell()

    def at_exit():
        with lock:
            go_on.set()
            told.wait()
        say(threading.main_thread().is_alive(), lock.abandoned)

    told, go_on = threading.Event(), threading.Event()
    threading.Thread(target=other, args=(told.set, go_on.wait), daemon=True).start()
    atexit.register(at_exit)
    """)
    assert said == ["False", "False False"]


def test_a_waiting_thread_gets_it_after_the_last_release(play: Play) -> None:
    said = play("""
    lock = OwnerLock()
    order = []

    def waits(tell, wait):
        tell()
        with lock:
            order.append("thread")

    with lock:
        with lock:
            in_thread(waits)
        order.append("main")
    while len(order) < 2:
        pass
    say(*order)
    """)
    assert said == ["main thread"]


def test_threads_exclude_each_other(play: Play) -> None:
    said = play("""
    sys.setswitchinterval(1e-6)
    lock, count = OwnerLock(), 0

    def work():
        global count
        for _ in range(500):
            with lock:
                seen = count
                for _ in range(20):
                    pass
                count = seen + 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say(count, lock.abandoned, lock.owner)
    """)
    assert said == ["2000 False None"]


def test_a_lock_is_not_kept_alive(play: Play) -> None:
    said = play("""
    lock = OwnerLock()
    say(len(every_lock))
    del lock
    gc.collect()
    say(len(every_lock))
    """)
    assert said == ["1", "0"]


STRESS = """
    balance, amount = {"savings": 100, "wallet": 0}, 1

    def busy():
        global amount
        while True:
            with lock:
                balance["savings"] -= amount
                for _ in range(50):
                    pass
                balance["wallet"] += amount
                amount = -amount

    def look():
        if not lock.acquire(timeout=3):
            os._exit(7)
        wrong = sum(balance.values()) != 100
        os._exit(10 + 2 * wrong + getattr(lock, "abandoned", False))

    for _ in range(2):
        threading.Thread(target=busy, daemon=True).start()
    for _ in range(int(os.environ["STRESS_FORKS"])):
        in_child(look)
    os._exit(0)
"""
MEANING = {10: "free", 11: "abandoned, total right", 13: "abandoned, total wrong"}


FORK_ANYWHERE = """
    lock, forked = OwnerLock(), 0

    def here(frame, event, argument):
        "Forks once, before the opcode number WANTED of the module. The child goes on from there."
        global seen, forked, mine
        if os.path.basename(frame.f_code.co_filename) != "owner_lock.py":
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            seen += 1
            if seen == wanted:
                sys.settrace(None)
                pid = os.fork()
                mine = pid == 0
                if mine:
                    signal.setitimer(signal.ITIMER_REAL, 3)
                else:
                    codes.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
                    forked += 1
        return here

    def child_ends():
        try:
            os._exit(0 if lock.acquire(timeout=1) else 7)
        except BaseException as error:
            os._exit(1)

    def fork_before_each_opcode(act):
        global seen, wanted, mine
        wanted, mine, before = 1, False, -1
        sys._getframe().f_trace_opcodes = True  # Python 3.12 wants it before settrace()
        while forked > before:
            before, seen = forked, 0
            sys.settrace(here)
            try:
                act()
            except BaseException as error:
                if mine:
                    os._exit(1)
                raise
            finally:
                sys.settrace(None)
                if mine:
                    child_ends()
            wanted += STEP
        say(len(codes) > 20, sorted(set(codes)))

    codes = []
"""


def test_a_handler_may_fork_anywhere_in_a_free_lock(play: Play) -> None:
    """Signal handlers run between two opcodes, and a handler can fork."""
    said = play(
        FORK_ANYWHERE.replace("STEP", "1")
        + """
    def act():
        with lock:
            pass

    fork_before_each_opcode(act)
    """
    )
    assert said == ["True [0]"]


@pytest.mark.parametrize("start", ["threading.Thread(target=act).start()", "started(act, ())"])
def test_a_handler_may_fork_anywhere_in_a_wait(play: Play, start: str) -> None:
    """The owner, which lives, is asked whether it does; in the child it is gone."""
    said = play(
        FORK_ANYWHERE.replace("STEP", "3")
        + f"""
    def hold(tell, wait):
        with lock:
            tell()
            wait()

    started = _thread.start_new_thread
    let_go = in_thread(hold, start=lambda act: {start})
    fork_before_each_opcode(lambda: lock.acquire(timeout=0.01))
    let_go()
    """
    )
    assert said == ["True [0]"]


def test_a_handler_may_fork_while_the_guard_is_waited_for(play: Play) -> None:
    """Who holds the guard is gone in the child, where the handler returns into the wait for it."""
    said = play("""
    lock = OwnerLock()

    def hold(tell, wait):
        with lock.guard:
            tell()
            wait()

    def interrupt(tell, wait):
        tell()
        while not waits_for_the_guard(sys._current_frames()[main]):
            pass
        time.sleep(0.1)  # without it the fork may come a line too early, and the test sees less
        os.kill(os.getpid(), signal.SIGUSR1)

    def waits_for_the_guard(frame):
        while frame and not frame.f_code.co_filename.endswith("owner_lock.py"):
            frame = frame.f_back
        return frame is not None

    def fork(*_):
        global pid
        pid = os.fork()
        if pid == 0:
            signal.setitimer(signal.ITIMER_REAL, 2)
        else:
            say("child ended with", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            let_go()

    pid, main = None, threading.get_ident()
    signal.signal(signal.SIGUSR1, fork)
    let_go = in_thread(hold)
    in_thread(interrupt)
    with lock:
        say("got it")
    if pid == 0:
        os._exit(0)
    """)
    assert said == ["got it", "child ended with 0", "got it"]


STORM = """
    import random

    def busy():
        while True:
            with lock:
                for _ in range(60):
                    pass

    def fork(*_):
        global pid
        if pid == 0:
            return
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, 3)
        else:
            codes.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            if len(codes) < FORKS:
                signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-4, 1e-3))

    random.seed(1)
    sys.setswitchinterval(1e-5)
    pid, codes = None, []
    for _ in range(THREADS):
        threading.Thread(target=busy, daemon=True).start()
    signal.signal(signal.SIGALRM, fork)
    signal.setitimer(signal.ITIMER_REAL, 1e-3)
    try:
        while len(codes) < FORKS:
            with lock:
                pass
            if pid == 0:
                for _ in range(20):
                    with lock:
                        pass
                os._exit(0)
    except BaseException:
        os._exit(1)
    say(len(codes), "children,", codes.count(0), "went on")
    os._exit(0)
"""


@pytest.mark.parametrize("threads", [0, 2])
def test_a_storm_of_handlers_that_fork(play: Play, threads: int) -> None:
    """The child goes on wherever the signal met it, in the middle of acquire() for example."""
    forks = 5 * STRESS_FORKS
    storm = STORM.replace("THREADS", str(threads)).replace("FORKS", str(forks))
    said = play("    lock = OwnerLock()\n" + storm, timeout=60 + 2 * forks)
    assert said == [f"{forks} children, {forks} went on"]


def test_the_storm_sees_a_lock_that_breaks(play: Play) -> None:
    """A Condition that is renewed in the child and read twice, which this module once had."""
    renewed = """
    class lock:
        guard = threading.Condition()

        def __enter__(self):
            with self.guard:
                self.guard.notify()

        def __exit__(self, *error):
            pass

    lock = lock()
    os.register_at_fork(after_in_child=lambda: setattr(lock, "guard", threading.Condition()))
    """
    said = play(renewed + STORM.replace("THREADS", "0").replace("FORKS", "100"))
    assert said[-1].startswith("100 children, ")
    assert said[-1] != "100 children, 100 went on"


def test_a_main_thread_that_ends_keeps_its_lock(play: Play) -> None:
    """It runs functions of atexit when is_alive() is False, so it never counts as gone."""
    said = play("""
    lock = OwnerLock()

    def other():
        threading.main_thread().join()
        say(threading.main_thread().is_alive(), lock.acquire(timeout=0.3), lock.abandoned)

    threading.Thread(target=other).start()
    lock.acquire()
    """)
    assert said == ["False False False"]


def test_a_program_may_end_while_threads_use_the_lock(play: Play) -> None:
    said = play("""
    import atexit
    lock = OwnerLock()

    def busy():
        while True:
            with lock:
                pass

    def last():
        with lock:
            say("last")

    atexit.register(last)
    for _ in range(2):
        threading.Thread(target=busy, daemon=True).start()
    lock.acquire()
    """)
    assert said == ["last"]


def test_stress(play: Play) -> None:
    """Forks against two busy threads: no child waits in vain, a wrong total is always marked."""
    said = play("    lock = OwnerLock()\n" + STRESS, timeout=60 + STRESS_FORKS)
    codes = [int(re.sub("^child ended with ", "", line)) for line in said]
    assert len(codes) == STRESS_FORKS
    unexpected = [code for code in codes if code not in MEANING]
    assert unexpected == [], f"7: waited in vain, 12: wrong and not marked; {sorted(codes)}"
    assert 11 in codes or 13 in codes, "no fork met a held lock: the stress shows nothing"


def test_the_stress_sees_what_a_plain_lock_does(play: Play) -> None:
    """Without an owner, some child waits in vain; so the stress can fail."""
    quick = STRESS.replace("timeout=3", "timeout=0.1")
    said = play("    lock = threading.Lock()\n" + quick.replace('os.environ["STRESS_FORKS"]', "20"))
    assert "child ended with 7" in said
