"""What close() and shutdown() of a socket do to the other end, and to other copies of it.

Every program runs alone, as examples do: nothing forks inside pytest.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from textwrap import dedent

from runner import run

START = """
import os, select, signal, socket

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

def outcome(act):
    try:
        return act()
    except OSError as error:
        return type(error).__name__

listener = socket.create_server(("127.0.0.1", 0))
address = listener.getsockname()
client = socket.create_connection(address, timeout=5)
connection, _ = listener.accept()
"""


def said(program: str, folder: Path) -> list[str]:
    (folder / "program.py").write_text(START + dedent(program), "utf-8")
    ended = run([sys.executable, "program.py"], folder, {"PATH": os.environ["PATH"]}, timeout=30)
    assert (ended.status, ended.leftovers) == ("0", ()), ended.output.decode()
    return ended.output.decode().splitlines()


LAST_COPY = """
    def answer():
        connection.sendall(b"bye")
        connection.close()

    in_child(answer)
    connection.close()
    print(client.recv(9), outcome(lambda: client.recv(9)))
    """


def test_the_last_copy_ends_the_connection(tmp_path: Path) -> None:
    assert said(LAST_COPY, tmp_path) == ["b'bye' b''"]


def test_unread_bytes_make_a_reset_of_it(tmp_path: Path) -> None:
    unread = """
    client.sendall(b"a request that is not read to its end")
    select.select([connection], [], [])
    """
    assert said(unread + LAST_COPY, tmp_path) == ["b'bye' ConnectionResetError"]


def test_the_reset_loses_what_has_not_arrived(tmp_path: Path) -> None:
    program = """
    client.sendall(b"a request that is not read to its end")
    select.select([connection], [], [])
    connection.setblocking(False)
    answered = arrived = 0
    try:
        while True:
            answered += connection.send(bytes(10_000))
    except BlockingIOError:
        connection.close()
    try:
        while data := client.recv(10_000):
            arrived += len(data)
    except ConnectionResetError:
        print("ConnectionResetError", 0 < arrived < answered)
    """
    assert said(program, tmp_path) == ["ConnectionResetError True"]


def test_only_the_end_of_sending_is_an_eof(tmp_path: Path) -> None:
    program = """
    client.settimeout(0.3)
    for how in "SHUT_RD", "SHUT_WR":
        connection.shutdown(getattr(socket, how))
        print(how, outcome(lambda: client.recv(9)))
    """
    assert said(program, tmp_path) == ["SHUT_RD TimeoutError", "SHUT_WR b''"]


def test_shutdown_of_a_listening_socket_stops_its_parent(tmp_path: Path) -> None:
    program = """
    acts = [listener.close, *(lambda how=how: listener.shutdown(how) for how in SHUT)]
    for act in acts:
        in_child(act)
        print(outcome(lambda: socket.create_connection(address).close()))
        listener.listen()
    """
    shut = "SHUT = socket.SHUT_WR, socket.SHUT_RD, socket.SHUT_RDWR\n"
    refused = ["ConnectionRefusedError"] * 2
    assert said(shut + dedent(program), tmp_path) == ["None", "None", *refused]
