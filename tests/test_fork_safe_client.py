"""The client of examples/hooks/fork_safe_client.py that readers copy: what it promises.

Every program runs alone, as examples do: nothing forks inside pytest. Its server is a process of
its own, so that no descriptor of the server's side hides in the children.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from tests.runner import EXAMPLES, run

MODULE = EXAMPLES / "hooks" / "fork_safe_client.py"

START = """
import contextlib, ctypes, gc, itertools, multiprocessing, os, signal, socketserver, sys, threading
from fork_safe_client import Client, every_client

events_fd, tell_fd = os.pipe()
wait_fd, go_on_fd = os.pipe()

class Server(socketserver.StreamRequestHandler):
    "Answers a line by the number of the session and the line; tells how a session ended."
    numbers = itertools.count(1)

    def handle(self):
        session, how = next(self.numbers), b"eof"
        with contextlib.suppress(ConnectionError):
            for line in self.rfile:
                if line == b"QUIT\\n":
                    how = b"quit"
                    break
                if line == b"hang up\\n":
                    break
                if line == b"slow\\n":
                    os.write(tell_fd, b"asked slow\\n")
                    os.read(wait_fd, 1)
                self.wfile.write(b"%d %s" % (session, line))
        os.write(tell_fd, b"%d %s\\n" % (session, how))

server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Server)
server.daemon_threads = True
address = server.server_address
server_pid = os.fork()
if server_pid == 0:
    signal.alarm(30)
    server.serve_forever()
server.server_close()
c_fork = ctypes.PyDLL(None).fork

def end_server():
    os.kill(server_pid, signal.SIGKILL)
    os.waitpid(server_pid, 0)

def event():
    return os.read(events_fd, 100).decode().strip()

def say(*words):
    print(*words, flush=True)

def in_child(act, fork=os.fork, wait=True):
    pid = fork()
    if pid == 0:
        signal.alarm(10)
        try:
            act()
            sys.stdout.flush()
            os._exit(0)
        except BaseException as error:
            print("child:", repr(error), flush=True)
            os._exit(1)
    return finish(pid) if wait else pid

def finish(pid):
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        say("child ended with", code)

signal.alarm(30)
"""


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return Play(tmp_path)


class Play:
    """Runs programs that start with START, beside a copy of the module."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copy(MODULE, folder)

    def __call__(self, text: str) -> list[str]:
        (self.folder / "program.py").write_text(START + dedent(text) + "\nend_server()\n", "utf-8")
        command = [sys.executable, "-W", "ignore::DeprecationWarning", "program.py"]
        ended = run(command, self.folder, {"PATH": os.environ["PATH"]}, timeout=40)
        assert ended.status == "0", ended.output.decode()
        assert ended.leftovers == ()
        return ended.output.decode().splitlines()


FAMILY = """
    client = Client(address)
    say(client.ask(b"parent"))

    def child():
        say(client.ask(b"child"))
        in_child(lambda: say(client.ask(b"grandchild")), fork)
        say(client.ask(b"child"))

    in_child(child, fork)
    say(client.ask(b"parent"))
"""


@pytest.mark.parametrize("fork", ["os.fork", "c_fork"])
def test_every_process_has_a_session_of_its_own(play: Play, fork: str) -> None:
    said = play(f"    fork = {fork}\n" + FAMILY)
    assert said == [
        "b'1 parent'",
        "b'2 child'",
        "b'3 grandchild'",
        "b'2 child'",
        "b'1 parent'",
    ]


def test_the_hook_does_not_trust_the_pid(play: Play) -> None:
    """In a new PID namespace parent and child can both be pid 1."""
    said = play("    fork = os.fork; os.getpid = lambda: 1\n" + FAMILY)
    assert said == [
        "b'1 parent'",
        "b'2 child'",
        "b'3 grandchild'",
        "b'2 child'",
        "b'1 parent'",
    ]


@pytest.mark.parametrize(
    ("broken", "fork", "shares"),
    [
        ("every_client.clear()", "os.fork", False),  # the check alone suffices
        ("Client.own_session = lambda self: self.session", "os.fork", True),
        ("Client.own_session = lambda self: self.session", "c_fork", True),
    ],
)
def test_the_test_sees_a_shared_session(play: Play, broken: str, fork: str, shares: bool) -> None:
    said = play(f"    fork = {fork}\n" + FAMILY.replace("say(client", f"{broken}; say(client", 1))
    assert ("b'1 grandchild'" in said) == shares


def test_multiprocessing(play: Play) -> None:
    said = play("""
    client = Client(address)
    say(client.ask(b"parent"))
    context = multiprocessing.get_context("fork")
    process = context.Process(target=lambda: say(client.ask(b"child")))
    process.start()
    process.join()
    say(client.ask(b"parent"))
    """)
    assert said == ["b'1 parent'", "b'2 child'", "b'1 parent'"]


@pytest.mark.parametrize("fork", ["os.fork", "c_fork"])
def test_a_child_says_no_goodbye_for_its_parent(play: Play, fork: str) -> None:
    said = play(f"""
    client = Client(address)
    client.ask(b"parent")
    in_child(client.close, {fork})
    say(client.ask(b"parent"))
    client.close()
    say(event())
    """)
    assert said == ["b'1 parent'", "1 quit"]


def test_a_child_that_forgets_or_ends_says_nothing(play: Play) -> None:
    said = play("""
    client = Client(address)
    client.ask(b"parent")

    def child():
        global client
        del client
        gc.collect()

    in_child(child)
    finish_line = multiprocessing.get_context("fork").Process(target=sys.exit)
    finish_line.start()
    finish_line.join()
    say(client.ask(b"parent"))
    """)
    assert said == ["b'1 parent'"]


def test_a_child_that_never_asks_does_not_keep_the_session_open(play: Play) -> None:
    """What the hook brings beyond the check: the server sees the end of the parent's session."""
    said = play("""
    client = Client(address)
    client.ask(b"parent")
    read_fd, write_fd = os.pipe()

    def child():
        os.close(write_fd)
        os.read(read_fd, 1)

    pid = in_child(child, wait=False)
    client.session.let_go()
    say(event())
    os.close(write_fd)
    finish(pid)
    """)
    assert said == ["1 eof"]


def test_nor_when_a_thread_was_using_it_at_the_fork(play: Play) -> None:
    """The frame of the lost thread refers to the session for ever: it must be closed, not left."""
    said = play("""
    client = Client(address)
    thread = threading.Thread(target=lambda: say(client.ask(b"slow")))
    thread.start()
    say(event())
    read_fd, write_fd = os.pipe()

    def child():
        os.close(write_fd)
        os.read(read_fd, 1)

    pid = in_child(child, wait=False)
    os.write(go_on_fd, b".")
    thread.join()
    client.session.let_go()
    say(event())
    os.close(write_fd)
    finish(pid)
    """)
    assert said == ["asked slow", "b'1 slow'", "1 eof"]


@pytest.mark.parametrize("fork", ["os.fork", "c_fork"])
def test_a_thread_that_waits_for_its_answer_at_the_fork(play: Play, fork: str) -> None:
    """It holds the lock of the session, and nobody in the child will release that one."""
    said = play(f"""
    client = Client(address)
    thread = threading.Thread(target=lambda: say(client.ask(b"slow")))
    thread.start()
    say(event())
    in_child(lambda: say(client.ask(b"child")), {fork})
    os.write(go_on_fd, b".")
    thread.join()
    """)
    assert said == ["asked slow", "b'2 child'", "b'1 slow'"]


def test_a_late_answer_is_nobody_elses(play: Play) -> None:
    said = play("""
    client = Client(address)
    client.ask(b"before")
    client.session.socket.settimeout(0.2)
    try:
        client.ask(b"slow")
    except TimeoutError:
        say("timeout")
    os.write(go_on_fd, b".")
    say(client.ask(b"after"))
    """)
    assert said == ["timeout", "b'2 after'"]


def test_a_server_that_hangs_up(play: Play) -> None:
    said = play("""
    client = Client(address)
    try:
        client.ask(b"hang up")
    except ConnectionError as error:
        say(error)
    say(client.ask(b"after"))
    """)
    assert said == ["the server hung up", "b'2 after'"]


def test_threads_get_their_own_answers(play: Play) -> None:
    said = play("""
    client, wrong = Client(address), []

    def work(name):
        for n in range(100):
            question = b"%d.%d" % (name, n)
            if client.ask(question) != b"1 " + question:
                wrong.append(question)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say(wrong)
    """)
    assert said == ["[]"]


def test_threads_of_a_child_that_no_hook_knows_of(play: Play) -> None:
    """They meet the pid check at the same time; each gets an answer to its own question."""
    said = play("""
    sys.setswitchinterval(1e-6)
    client = Client(address)
    client.ask(b"parent")
    wrong = []

    def child():
        start = threading.Barrier(8)

        def work(name):
            start.wait()
            for n in range(20):
                session, answer = client.ask(b"%d.%d" % (name, n)).split()
                if session == b"1" or answer != b"%d.%d" % (name, n):
                    wrong.append(answer)

        threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        say(wrong)

    in_child(child, c_fork)
    say(client.ask(b"parent"))
    """)
    assert said == ["[]", "b'1 parent'"]


def test_forks_while_threads_ask(play: Play) -> None:
    said = play("""
    sys.setswitchinterval(1e-6)
    client, wrong, stop = Client(address), [], threading.Event()

    def check(question):
        session, _, answer = client.ask(question).partition(b" ")
        if answer != question:
            wrong.append(answer)
        return session

    def work(name):
        for n in itertools.count():
            if stop.is_set():
                break
            if check(b"%d.%d" % (name, n)) != b"1":
                wrong.append(b"another session")

    def child():
        sessions = {check(b"child %d" % n) for n in range(3)}
        if wrong or len(sessions) != 1 or b"1" in sessions:
            os._exit(7)

    client.ask(b"first")
    threads = [threading.Thread(target=work, args=(name,)) for name in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(30):
        in_child(child)
    stop.set()
    for thread in threads:
        thread.join()
    say(wrong)
    """)
    assert said == ["[]"]


def test_one_client_that_cannot_close_does_not_stop_the_others(play: Play) -> None:
    said = play("""
    clients = [Client(address) for _ in range(3)]
    for client in clients:
        client.ask(b"parent")
    os.close(clients[1].session.socket.fileno())
    in_child(lambda: say([client.session.socket for client in clients]))
    clients[1].session.socket.detach()
    """)
    assert said == ["[None, None, None]"]


def test_long_answers_and_refused_questions(play: Play) -> None:
    said = play("""
    client = Client(address)
    say(len(client.ask(b"x" * 100_000)))
    try:
        client.ask(b"one\\ntwo")
    except ValueError as error:
        say(error)
    say(client.ask(b"after"))
    """)
    assert said == ["100002", "one line, please", "b'1 after'"]


def test_it_connects_again_after_close(play: Play) -> None:
    said = play("""
    client = Client(address)
    client.close()
    client.ask(b"before")
    client.close()
    client.close()
    say(event())
    say(client.ask(b"after"))
    """)
    assert said == ["1 quit", "b'2 after'"]


def test_a_client_is_not_kept_alive(play: Play) -> None:
    said = play("""
    client = Client(address)
    say(len(every_client))
    del client
    gc.collect()
    say(len(every_client))
    """)
    assert said == ["1", "0"]
