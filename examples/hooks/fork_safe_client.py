# --8<-- [start:session]
import contextlib
import os
import socket
import threading
import weakref


class Session:
    def __init__(self):
        self.pid = os.getpid()
        self.lock = threading.Lock()  # (1)!
        self.socket = None

    def exchange(self, address, question):
        if self.socket is None:
            self.socket = socket.create_connection(address, 10)
        connection = self.socket
        connection.sendall(question + b"\n")
        answer = b""
        while not answer.endswith(b"\n"):  # (2)!
            received = connection.recv(4096)
            if not received:
                raise ConnectionError("the server hung up")
            answer += received
        return answer[:-1]
    # --8<-- [end:session]

    # --8<-- [start:let_go]
    def let_go(self):
        connection, self.socket = self.socket, None
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.close()  # (1)!


every_client = weakref.WeakSet()


def after_fork_in_child():
    for client in list(every_client):
        client.session.pid = None  # (2)!
        client.own_session()


os.register_at_fork(after_in_child=after_fork_in_child)  # (3)!
# --8<-- [end:let_go]


# --8<-- [start:client]
class Client:
    def __init__(self, address):
        self.address = address
        self.session = Session()
        every_client.add(self)

    def own_session(self):
        inherited = self.session
        if inherited.pid != os.getpid():  # (1)!
            self.session = Session()
            inherited.let_go()
        return self.session

    def ask(self, question):
        if b"\n" in question:
            raise ValueError("one line, please")
        session = self.own_session()
        with session.lock:
            try:
                return session.exchange(self.address, question)
            except BaseException:
                session.let_go()  # (2)!
                raise
    # --8<-- [end:client]

    # --8<-- [start:close]
    def close(self):
        session = self.own_session()  # (1)!
        with session.lock:
            if session.socket is not None:
                with contextlib.suppress(OSError):
                    session.socket.sendall(b"QUIT\n")
            session.let_go()


if __name__ == "__main__":
    import four_clients

    class ForkSafe(Client):
        def __init__(self):
            super().__init__(four_clients.server.server_address)

        def ask(self):
            return int(super().ask(b"which session?"))

    four_clients.table(ForkSafe)
# --8<-- [end:close]
