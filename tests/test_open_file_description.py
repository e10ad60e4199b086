"""What a child shares with its parent through an open file description, past the examples.

Every program runs alone, as examples do: nothing forks inside pytest.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from runner import run

IN_CHILD = """
import os, signal

def in_child(act):
    pid = os.fork()
    if pid == 0:
        try:
            signal.alarm(10)
            act()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitpid(pid, 0)[1]
"""


def said(program: str, folder: Path) -> list[str]:
    (folder / "program.py").write_text(IN_CHILD + dedent(program), "utf-8")
    command = [sys.executable, "-W", "ignore", "program.py"]
    ended = run(command, folder, {"PATH": os.environ["PATH"]}, timeout=30)
    assert (ended.status, ended.leftovers) == ("0", ()), ended.output.decode()
    return ended.output.decode().splitlines()


def test_ready_for_two_is_data_for_one(tmp_path: Path) -> None:
    program = """
    import resource, select, socket
    ours, theirs = socket.socketpair()
    theirs.send(b"for one")

    def child():
        print(select.select([ours], [], [], 10)[0] == [ours], flush=True)
        in_child(lambda: ours.recv(100))
        try:
            ours.recv(100, socket.MSG_DONTWAIT)
        except BlockingIOError:
            print("BlockingIOError", os.get_blocking(ours.fileno()), flush=True)
        signal.alarm(1)
        ours.recv(100)

    print(os.WTERMSIG(in_child(child)) == signal.SIGALRM)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1025, 1025))
    os.dup2(ours.fileno(), 1024)
    try:
        select.select([1024], [], [], 0)
    except ValueError as error:
        print(error)
    poll = select.poll()
    poll.register(1024, select.POLLIN)
    print(poll.poll(0))
    """
    assert said(program, tmp_path) == [
        "True",
        "BlockingIOError True",
        "True",
        "filedescriptor out of range in select()",
        "[]",
    ]


@pytest.mark.parametrize(
    ("when", "rest"), [("self.file is None", "bob"), ("self.owner != os.getpid()", "alice")]
)
def test_a_file_opened_at_its_first_use(when: str, rest: str, tmp_path: Path) -> None:
    (tmp_path / "names").write_text("alice\nbob\n")
    program = f"""
    class Names:
        file = owner = None

        def read(self):
            if {when}:
                self.file, self.owner = open("names", "rb", buffering=0), os.getpid()
            return self.file.readline().decode().strip()

    names = Names()
    print(names.read(), flush=True)
    names.file.seek(0)
    in_child(lambda: print(names.read(), flush=True))
    print(names.read(), flush=True)
    """
    assert said(program, tmp_path) == ["alice", "alice", rest]


LOOP = """
import asyncio, sys, threading

async def woken(loop):
    answer = loop.create_future()
    threading.Timer(0.1, loop.call_soon_threadsafe, [answer.set_result, None]).start()
    asked = loop.time()
    try:
        await asyncio.wait_for(answer, 3)
    except asyncio.TimeoutError:
        pass
    print("woken" if loop.time() - asked < 2 else "not woken", flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="epoll is Linux only")
@pytest.mark.parametrize(
    ("child", "outcome"),
    [
        ("loop.close(); os._exit(0)", "not woken"),
        ("sys.exit()", "not woken"),
        ("os._exit(0)", "woken"),
        ("asyncio.run(asyncio.sleep(0)); os._exit(0)", "woken"),
    ],
)
def test_the_wake_up_of_an_idle_loop(child: str, outcome: str, tmp_path: Path) -> None:
    program = LOOP + dedent(f"""
    loop = asyncio.new_event_loop()
    pid = os.fork()
    if pid == 0:
        signal.alarm(10)
        {child}
    os.waitpid(pid, 0)
    loop.run_until_complete(woken(loop))
    loop.close()
    """)
    assert said(program, tmp_path) == [outcome]
