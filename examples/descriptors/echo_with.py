# /// script
# dependencies = ["psutil>=6"]
# ///

# --8<-- [start:clients]
import os
import signal
import socket
import traceback
import warnings

import psutil

warnings.simplefilter("always")
warnings.showwarning = lambda text, kind, *_: print(kind.__name__)

listener = socket.create_server(("127.0.0.1", 0))
visitor = os.fork()
if visitor == 0:
    signal.alarm(10)
    address = listener.getsockname()
    connections = [socket.create_connection(address) for _ in "ABC"]
    signal.pause()
# --8<-- [end:clients]


# --8<-- [start:child]
def serve(connection):
    exit_code = 1
    try:
        signal.alarm(10)
        while data := connection.recv(100):
            connection.sendall(data)
        exit_code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(exit_code)
# --8<-- [end:child]


# --8<-- [start:server]
signal.alarm(10)
clients, children = {}, []
for name in ("clientA", "clientB", "clientC"):
    connection, (_, port) = listener.accept()
    clients[port] = name
    with connection:  # (1)!
        pid = os.fork()
        if pid == 0:
            serve(connection)
    children.append(pid)
    rows = psutil.Process().net_connections("tcp")
    ports = [row.raddr.port for row in rows if row.raddr]
    print("parent holds", [clients[port] for port in ports])

listener.close()
os.kill(visitor, signal.SIGTERM)
for pid in [visitor, *children]:
    os.waitpid(pid, 0)
# --8<-- [end:server]
