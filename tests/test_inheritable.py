"""What Python opens is closed on exec, but for the exceptions that a page names."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from runner import run

PROGRAM = """
import array, fcntl, os, socket

def forkpty():
    pid, fd = os.forkpty()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return fd

def received(by_message):
    here, there = socket.socketpair()
    socket.send_fds(here, [b"x"], [reader])
    if not by_message:
        return socket.recv_fds(there, 1, 1)[1][0]
    [(_, _, data)] = there.recvmsg(1, socket.CMSG_SPACE(4))[1]
    return array.array("i", data[:4])[0]

reader, writer = os.pipe()
WAYS = {
    "os.pipe": lambda: reader,
    "os.dup": lambda: os.dup(reader),
    "os.dup2": lambda: os.dup2(reader, 50),
    "F_DUPFD": lambda: fcntl.fcntl(reader, fcntl.F_DUPFD, 0),
    "os.forkpty": forkpty,
    "socket.recv_fds": lambda: received(by_message=False),
    "recvmsg": lambda: received(by_message=True),
}
for name, opened in WAYS.items():
    if os.get_inheritable(opened()):
        print(name)
"""


def test_the_exceptions(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM, "utf-8")
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "program.py"]
    ended = run(command, tmp_path, {"PATH": os.environ["PATH"]}, timeout=30)
    assert (ended.status, ended.leftovers) == ("0", ()), ended.output.decode()
    until_3_14 = ["os.forkpty"] if sys.version_info < (3, 15) else []
    expected = ["os.dup2", "F_DUPFD", *until_3_14, "socket.recv_fds", "recvmsg"]
    assert ended.output.decode().splitlines() == expected
