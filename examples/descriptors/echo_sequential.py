# --8<-- [start:server]
import os
import signal
import socket


def serve(listener):
    for _ in range(2):  # (1)!
        connection, _ = listener.accept()
        while data := connection.recv(100):  # (2)!
            connection.sendall(data)
        connection.close()
# --8<-- [end:server]


# --8<-- [start:clients]
def visit(address):
    first = socket.create_connection(address)
    first.sendall(b"one")
    print("first: ", first.recv(100))
    second = socket.create_connection(address)
    print("second: connected")
    second.sendall(b"two")
    second.settimeout(0.5)
    try:
        print("second:", second.recv(100))
    except TimeoutError:
        print("second: no answer")
    first.close()
    second.settimeout(None)
    print("second:", second.recv(100), flush=True)
# --8<-- [end:clients]


# --8<-- [start:run]
listener = socket.create_server(("127.0.0.1", 0))  # (1)!
pid = os.fork()
if pid == 0:
    signal.alarm(10)  # (2)!
    visit(listener.getsockname())
    os._exit(0)

signal.alarm(10)
serve(listener)
os.waitpid(pid, 0)
# --8<-- [end:run]
