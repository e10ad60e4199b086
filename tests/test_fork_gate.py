"""The gate of examples/locks/fork_gate.py that readers copy: what it promises, and under stress.

Every program runs alone, as examples do: nothing forks inside pytest. STRESS_FORKS says how often
the stress forks; the nightly job says 300.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from runner import EXAMPLES
from tests.support.play import STRESS_FORKS, Play

MODULE = EXAMPLES / "locks" / "fork_gate.py"

START = """
import os, signal, socket, subprocess, sys, threading, time
from fork_gate import ForkGate, behind

signal.alarm(60 + int(os.environ["STRESS_FORKS"]))

def say(*words):
    print(*words, flush=True)

def in_child(act=lambda: None):
    pid = os.fork()
    if pid == 0:
        signal.alarm(5)
        try:
            act()
            os._exit(0)
        except BaseException as error:
            say("child:", repr(error))
            os._exit(1)
    say("child ended with", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

def until(state):
    while not state():
        time.sleep(0.01)

class Lookup(threading.Thread):
    "Is inside the gate from the time this returns until leave() is called."

    def __init__(self):
        super().__init__()
        self.entered, self.may_leave = threading.Event(), threading.Event()
        self.start()
        self.entered.wait()

    def run(self):
        with gate:
            self.entered.set()
            self.may_leave.wait()

    def leave(self):
        self.may_leave.set()
        self.join()
"""


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return Play(tmp_path, START, module=MODULE)


def test_a_fork_waits_for_the_lookups_that_are_under_way(play: Play) -> None:
    said = play("""
    gate = ForkGate()
    first, second = Lookup(), Lookup()

    def end_both():
        until(lambda: gate.forks)
        first.leave()
        say("first left", gate.forks)
        second.leave()

    ends = threading.Thread(target=end_both)
    ends.start()
    in_child(lambda: say("child:", gate.inside, gate.forks, gate.late))
    ends.join()
    say(gate.inside, gate.forks, gate.late)
    """)
    assert said == ["first left 1", "child: {} 0 False", "child ended with 0", "{} 0 False"]


def test_a_fork_comes_before_the_lookups_that_ask_after_it(play: Play) -> None:
    said = play("""
    os.register_at_fork(after_in_parent=lambda: say("forked"))
    gate = ForkGate()
    first, told = Lookup(), threading.Event()

    def ask():
        until(lambda: gate.forks)
        told.set()
        with gate:
            say("second is in")

    def end():
        told.wait()
        time.sleep(0.2)
        say("first leaves")
        first.leave()

    threads = [threading.Thread(target=act) for act in (ask, end)]
    for thread in threads:
        thread.start()
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    for thread in threads:
        thread.join()
    os.waitpid(pid, 0)
    """)
    assert said == ["first leaves", "forked", "second is in"]


def test_a_child_can_look_up_and_fork(play: Play) -> None:
    said = play("""
    gate = ForkGate()

    def child():
        with gate:
            say("child is in")
        in_child(lambda: say("grandchild", gate.__enter__(), len(gate.inside)))

    in_child(child)
    """)
    assert said == [
        "child is in",
        "grandchild None 1",
        "child ended with 0",
        "child ended with 0",
    ]


def test_the_guard_of_the_gate_may_be_held_at_the_fork(play: Play) -> None:
    said = play("""
    held, end = threading.Event(), threading.Event()

    def hold():
        with gate.changed:
            held.set()
            end.wait()

    def hold_it_from_now():
        thread.start()
        held.wait()

    thread = threading.Thread(target=hold)
    os.register_at_fork(before=hold_it_from_now, after_in_parent=end.set)
    gate = ForkGate()  # its close() runs before the hook above
    in_child(lambda: say(gate.__enter__()))
    thread.join()
    say(gate.forks)
    """)
    assert said == ["None", "child ended with 0", "0"]


@pytest.mark.parametrize("call", ["os.fork", "os.forkpty"])
def test_a_fork_from_inside_is_refused(play: Play, call: str) -> None:
    said = play(f"""
    gate = ForkGate()
    for depth in 1, 2:
        try:
            with gate:
                if depth == 1:
                    {call}()
                with gate:
                    {call}()
        except RuntimeError as error:
            say(error, gate.inside, gate.forks)
    in_child()
    """)
    refused = "a fork from inside the gate {} 0"
    assert said == [refused, refused, "child ended with 0"]


def test_only_the_thread_that_is_inside_is_refused(play: Play) -> None:
    said = play("""
    gate = ForkGate()
    lookup = Lookup()
    threading.Timer(0.2, lookup.leave).start()
    in_child()
    """)
    assert said == ["child ended with 0"]


def test_a_lookup_within_a_lookup_does_not_wait_for_a_fork(play: Play) -> None:
    said = play("""
    gate = ForkGate()
    entered = threading.Event()

    def nested():
        with gate:
            entered.set()
            until(lambda: gate.forks)
            with gate:
                say("in twice", list(gate.inside.values()))

    thread = threading.Thread(target=nested)
    thread.start()
    entered.wait()
    in_child()
    thread.join()
    say(gate.inside, gate.late)
    """)
    assert said == ["in twice [2]", "child ended with 0", "{} False"]


def test_a_fork_that_cannot_wait_longer_is_told_of(play: Play) -> None:
    said = play("""
    gate = ForkGate(timeout=0.2)
    lookup = Lookup()
    in_child(lambda: say(gate.late, dict(gate.inside), gate.__enter__()))
    say(gate.late, gate.forks)
    gate.late = False
    lookup.leave()
    in_child(lambda: say(gate.late))
    """)
    assert said == [
        "True {} None",
        "child ended with 0",
        "True 0",
        "False",
        "child ended with 0",
    ]


def test_a_fork_whose_wait_is_interrupted_is_told_of(play: Play) -> None:
    """The exception ends in the hook, and the fork goes on."""
    said = play("""
    sys.unraisablehook = lambda caught: say(repr(caught.exc_value))
    gate = ForkGate(timeout=30)
    lookup = Lookup()

    def interrupt():
        until(lambda: gate.forks)
        with gate.changed:  # close() has let go of it, so it waits
            os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    in_child(lambda: say(gate.late, gate.forks))
    say(gate.late, gate.forks)
    lookup.leave()
    thread.join()
    """)
    assert said == ["KeyboardInterrupt()", "True 0", "child ended with 0", "True 0"]


def test_a_lookup_that_cannot_wait_longer_raises(play: Play) -> None:
    """As in a hook of another module, which holds what a lookup wants while the gate is closed."""
    said = play("""
    lookup_is_over = threading.Event()
    os.register_at_fork(before=lookup_is_over.wait)
    gate = ForkGate(timeout=0.2)

    def look_up():
        until(lambda: gate.forks)
        try:
            with gate:
                say("not reached")
        except TimeoutError as error:
            say(error)
        lookup_is_over.set()

    thread = threading.Thread(target=look_up)
    thread.start()
    in_child()
    thread.join()
    say(gate.inside, gate.forks)
    """)
    assert said == ["a fork keeps the gate closed", "child ended with 0", "{} 0"]


def test_a_signal_handler_may_fork_while_a_fork_waits(play: Play) -> None:
    """Its child returns from the handler into the fork that waited, and has an open gate."""
    said = play("""
    gate = ForkGate(timeout=30)
    lookup = Lookup()
    role = "parent"

    def fork_too(*_):
        global role
        pid = os.fork()
        if pid == 0:
            signal.alarm(10)
            role = "handler's child"
        else:
            say("handler's child ended with", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))

    def interrupt():
        until(lambda: gate.forks == 1)
        with gate.changed:  # close() has let go of it, so it waits
            os.kill(os.getpid(), signal.SIGUSR1)
        until(lambda: gate.forks == 2)
        lookup.leave()

    signal.signal(signal.SIGUSR1, fork_too)
    thread = threading.Thread(target=interrupt)
    thread.start()
    in_child(lambda: say("child of the", role, gate.__enter__(), gate.forks))
    say(role, gate.__enter__(), gate.forks, gate.late)
    if role != "parent":
        os._exit(0)
    thread.join()
    """)
    assert said == [
        "child of the handler's child None 0",
        "child ended with 0",
        "handler's child None 0 False",
        "handler's child ended with 0",
        "child of the parent None 0",
        "child ended with 0",
        "parent None 0 False",
    ]


def test_threads_may_be_inside_when_the_interpreter_exits(play: Play) -> None:
    said = play("""
    import atexit
    gate = ForkGate()

    def for_ever():
        while True:
            with gate:
                pass

    def start():
        threading.Thread(target=for_ever, daemon=True).start()

    def at_exit():
        with gate:
            say("at exit", gate.forks, gate.late)

    atexit.register(at_exit)
    for _ in range(2):
        start()
    pid = os.fork()
    if pid == 0:
        signal.alarm(5)
        start()
        sys.exit(3)
    say("child ended with", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    """)
    assert said == ["at exit 0 False", "child ended with 3", "at exit 0 False"]


def test_two_threads_may_fork_at_once(play: Play) -> None:
    said = play("""
    gate = ForkGate()
    lookup = Lookup()
    threads = [threading.Thread(target=in_child) for _ in range(2)]
    for thread in threads:
        thread.start()
    until(lambda: gate.forks == 2)
    lookup.leave()
    for thread in threads:
        thread.join()
    with gate:
        say(gate.forks, gate.late)
    """)
    assert said == ["child ended with 0"] * 2 + ["0 False"]


def test_preexec_fn_inside_the_gate_does_not_wait_for_itself(play: Play) -> None:
    """It runs the hooks, but raises no event os.fork, so that nothing refuses it."""
    said = play("""
    gate = ForkGate()
    with gate:
        subprocess.run([sys.executable, "-c", "print('ran', flush=True)"], preexec_fn=os.getpid)
        say(gate.forks, len(gate.inside), gate.late)
    """)
    assert said == ["ran", "0 1 False"]


def test_an_error_in_a_lookup_leaves_the_gate(play: Play) -> None:
    said = play("""
    gate = ForkGate()
    try:
        behind(gate, int)("no number", base=10)
    except ValueError:
        say(gate.inside)
    in_child(lambda: say(behind(gate, int)("7", base=10)))
    """)
    assert said == ["{}", "7", "child ended with 0"]


STRESS = """
    gate = ForkGate(timeout=30)

    def for_ever():
        while True:
            with gate, lock:
                time.sleep(0.001)

    lock, hung = threading.Lock(), 0
    for _ in range(4):
        threading.Thread(target=for_ever, daemon=True).start()
    for _ in range(int(os.environ["STRESS_FORKS"])):
        pid = os.fork()
        if pid == 0:
            with gate:
                os._exit(not lock.acquire(timeout=LIMIT))
        hung += os.waitpid(pid, 0)[1] != 0
    say("hung:", hung, "late:", gate.late)
    os._exit(0)
"""


def test_stress(play: Play) -> None:
    """A lock that is taken behind the gate is free in every child."""
    assert play(STRESS.replace("LIMIT", "5"), timeout=60 + STRESS_FORKS) == ["hung: 0 late: False"]


def test_the_stress_sees_what_no_gate_does(play: Play) -> None:
    """Without the gate some child waits in vain; so the stress can fail."""
    bare = STRESS.replace("with gate, lock:", "with lock:").replace("LIMIT", "0.1")
    bare = bare.replace('os.environ["STRESS_FORKS"]', "40")
    (said,) = play(bare)
    assert not said.startswith("hung: 0 ")


LOOKUPS = """
    gate = ForkGate(timeout=30)
    hung = 0

    def look_up():
        socket.getaddrinfo("localhost", 80, flags=socket.AI_ADDRCONFIG)

    def for_ever():
        while True:
            look_up()

    look_up()
    socket.getaddrinfo = behind(gate, socket.getaddrinfo)
    for _ in range(4):
        threading.Thread(target=for_ever, daemon=True).start()
    for _ in range(int(os.environ["STRESS_FORKS"])):
        pid = os.fork()
        if pid == 0:
            signal.alarm(LIMIT)
            look_up()
            os._exit(0)
        hung += os.waitpid(pid, 0)[1] != 0
    say("hung:", hung, "late:", gate.late)
    os._exit(0)
"""


def test_lookups_of_names_under_forks(play: Play) -> None:
    """With AI_ADDRCONFIG each takes the busier of glibc's two locks."""
    said = play(LOOKUPS.replace("LIMIT", "10"), timeout=60 + STRESS_FORKS)
    assert said == ["hung: 0 late: False"]


def test_lookups_of_names_hang_with_no_gate(play: Play) -> None:
    """So the test above can fail."""
    bare = LOOKUPS.replace("behind(gate, socket.getaddrinfo)", "socket.getaddrinfo")
    bare = bare.replace("LIMIT", "1").replace('os.environ["STRESS_FORKS"]', "20")
    (said,) = play(bare, timeout=60)
    assert not said.startswith("hung: 0 ")
