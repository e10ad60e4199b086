# Needs beside it: four_clients.py

# --8<-- [start:connections]
import codecs
import contextlib
import os
import socket
import weakref

codecs.lookup("idna")  # (1)!


class Connections:
    def __init__(self):
        self.pid = os.getpid()
        self.idle = []  # (2)!
        self.open = weakref.WeakSet()  # (3)!
        all_connections.add(self)

    def take(self, address):
        with contextlib.suppress(IndexError):
            return self.idle.pop()
        connection = socket.create_connection(address, 10)
        self.open.add(connection)
        return connection
    # --8<-- [end:connections]

    # --8<-- [start:let_go]
    def let_go(self):
        self.pid = None  # (1)!
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.close()  # (2)!


all_connections = weakref.WeakSet()


def after_fork_in_child():
    for connections in list(all_connections):
        connections.let_go()


os.register_at_fork(after_in_child=after_fork_in_child)  # (3)!
# --8<-- [end:let_go]


# --8<-- [start:exchange]
def exchange(connection, question):
    try:
        connection.sendall(question + b"\n")
        answer = b""
        while not answer.endswith(b"\n"):  # (1)!
            received = connection.recv(4096)
            if not received:
                raise ConnectionError("the server hung up")
            answer += received
    except BaseException:
        connection.close()  # (2)!
        raise
    return answer[:-1]
# --8<-- [end:exchange]


# --8<-- [start:client]
class Client:
    def __init__(self, address):
        self.address = address
        self.connections = Connections()

    def own_connections(self):
        inherited = self.connections
        if inherited.pid != os.getpid():  # (1)!
            inherited.let_go()
            self.connections = Connections()
        return self.connections

    def ask(self, question):
        if b"\n" in question:
            raise ValueError("one line, please")
        own = None
        while own is not self.own_connections():  # (2)!
            own = self.own_connections()
            connection = own.take(self.address)
        answer = exchange(connection, question)
        own.idle.append(connection)  # (3)!
        return answer
    # --8<-- [end:client]

    # --8<-- [start:close]
    def close(self):
        own = self.own_connections()  # (1)!
        idle, own.idle = own.idle, []
        for connection in idle:
            with connection, contextlib.suppress(OSError):
                connection.sendall(b"QUIT\n")


if __name__ == "__main__":
    import four_clients

    class ForkSafe(Client):
        def __init__(self):
            super().__init__(four_clients.server.server_address)

        def ask(self):
            return int(super().ask(b"which session?"))

    four_clients.table(ForkSafe)
# --8<-- [end:close]
