# /// script
# dependencies = ["psutil>=6"]
# ///

# --8<-- [start:server]
import os
import signal
import socket

import psutil

clients, children = {}, []


def serve(listener):
    for name in ("clientA", "clientB"):
        connection, (_, port) = listener.accept()
        clients[port] = name
        pid = os.fork()
        if pid == 0:
            listener.close()  # (1)!
            while data := connection.recv(100):
                connection.sendall(data)
            connection.close()
            os._exit(0)
        connection.close()  # (2)!
        children.append(pid)
# --8<-- [end:server]


# --8<-- [start:table]
def show(moment):
    print(f"-- {moment}")
    for number, pid in enumerate([os.getpid(), *children]):
        name = f"child{number}" if number else "parent"
        for row in sorted(psutil.Process(pid).net_connections("tcp")):
            peer = clients[row.raddr.port] if row.raddr else "-"
            print(f"{name:7} fd={row.fd} peer={peer:8} {row.status}")
# --8<-- [end:table]


# --8<-- [start:run]
listener = socket.create_server(("127.0.0.1", 0))
visitor = os.fork()
if visitor == 0:
    signal.alarm(10)
    address = listener.getsockname()
    connections = [socket.create_connection(address) for _ in "AB"]
    for connection in connections:
        connection.sendall(b"hello")
        connection.recv(100)
    signal.raise_signal(signal.SIGSTOP)
    os._exit(0)

signal.alarm(10)
serve(listener)
os.waitpid(visitor, os.WUNTRACED)
show("two clients connected")
os.kill(visitor, signal.SIGCONT)
os.waitpid(visitor, 0)
while children:
    os.waitpid(children.pop(), 0)  # (1)!
show("both clients disconnected")
# --8<-- [end:run]
