# /// script
# dependencies = ["psutil"]
# ///

# --8<-- [start:server]
import os
import signal
import socket
import time

import psutil


def still_runs(pid):
    return os.waitpid(pid, os.WNOHANG) == (0, 0)  # (1)!


def serve(listener):
    children = []
    for _ in range(3):
        connection, _ = listener.accept()
        children = [pid for pid in children if still_runs(pid)]
        pid = os.fork()
        if pid == 0:
            while data := connection.recv(100):
                connection.sendall(data)
            os._exit(0)
        connection.close()  # (2)!
        children.append(pid)
    os.waitpid(pid, 0)  # (3)!
# --8<-- [end:server]


# --8<-- [start:clients]
def ask(address, line):
    client = socket.create_connection(address)
    client.sendall(line)
    print("answer: ", client.recv(100))
    return client


def count_zombies(server):
    states = [child.status() for child in server.children()]
    return states.count(psutil.STATUS_ZOMBIE)


def visit(address, server):
    first = ask(address, b"one")
    second = ask(address, b"two")
    first.close()
    second.close()
    while count_zombies(server) < 2:  # (1)!
        time.sleep(0.01)
    print("zombies:", count_zombies(server))
    third = ask(address, b"three")
    print("zombies:", count_zombies(server), flush=True)
    third.close()
# --8<-- [end:clients]


# --8<-- [start:run]
listener = socket.create_server(("127.0.0.1", 0))
pid = os.fork()
if pid == 0:
    signal.alarm(10)
    visit(listener.getsockname(), psutil.Process(os.getppid()))
    os._exit(0)

signal.alarm(10)
serve(listener)
os.waitpid(pid, 0)
# --8<-- [end:run]
