# --8<-- [start:server]
import contextlib
import ctypes
import os
import signal
import socket
import socketserver
import weakref


class Sessions(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.sessions += 1
        answer = b"%d\n" % self.server.sessions  # (1)!
        with contextlib.suppress(ConnectionError):
            while self.rfile.readline() not in (b"QUIT\n", b""):
                self.wfile.write(answer)


server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sessions)
server.sessions = 0
# --8<-- [end:server]


# --8<-- [start:broken]
class Naive:
    connection = None

    def ask(self):
        if self.connection is None:
            end = socket.create_connection(server.server_address)
            with end:
                self.connection = end.makefile("rwb", buffering=0)
        self.connection.write(b"which session?\n")
        return int(self.connection.readline() or -1)  # (1)!


class PoliteClose(Naive):
    pid = os.getpid()

    def ask(self):
        if self.pid != os.getpid():
            self.pid = os.getpid()
            self.connection.write(b"QUIT\n")  # (2)!
            self.connection.readline()
            self.connection = None
        return super().ask()
# --8<-- [end:broken]


# --8<-- [start:whole]
class PidCheck(Naive):
    pid = os.getpid()

    def ask(self):
        if self.pid != os.getpid():
            self.pid = os.getpid()
            let_go(self)
        return super().ask()


class AtForkHook(Naive):
    def __init__(self):
        clients.add(self)


def let_go(client):
    if client.connection:
        client.connection.close()  # (1)!
        client.connection = None


clients = weakref.WeakSet()
os.register_at_fork(
    after_in_child=lambda: [let_go(c) for c in list(clients)])
# --8<-- [end:whole]


# --8<-- [start:children]
def ask_in_child(client, fork=os.fork, generations=1):
    pid = fork()
    if pid == 0:
        signal.alarm(20)
        session = 255
        try:
            session = client.ask()
            if generations > 1:
                session = ask_in_child(client)
        finally:
            os._exit(session)  # (1)!
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def ask_again(client):
    try:
        session = client.ask()
    except OSError:
        session = -1
    return "cut off" if session == -1 else session
# --8<-- [end:children]


# --8<-- [start:table]
ROW = "{:11} {:>6} {:>6} {:>11} {:>13} {:>7}"
TITLES = "", "parent", "child", "grandchild", "parent again", "C fork"


def table(*kinds):
    server_pid = os.fork()
    if server_pid == 0:
        signal.alarm(20)
        server.serve_forever()
    server.server_close()
    c_fork = ctypes.PyDLL(None).fork  # (1)!
    print(ROW.format(*TITLES), flush=True)
    for kind in kinds:
        client, another = kind(), kind()
        row = [client.ask(), ask_in_child(client)]
        row.append(ask_in_child(client, generations=2))
        row.append(ask_again(client))
        same = another.ask() == ask_in_child(another, c_fork)
        row.append("shared" if same else "own")
        print(ROW.format(kind.__name__, *row), flush=True)
    os.kill(server_pid, signal.SIGKILL)
    os.waitpid(server_pid, 0)
# --8<-- [end:table]


# --8<-- [start:main]
if __name__ == "__main__":
    table(Naive, PoliteClose, PidCheck, AtForkHook)
# --8<-- [end:main]
