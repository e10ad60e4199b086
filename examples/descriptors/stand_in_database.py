# --8<-- [start:server]
import contextlib
import os
import signal
import socket
import socketserver


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        with contextlib.suppress(ConnectionError):
            for line in self.rfile:
                self.wfile.write(line)


listener = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo)
server_pid = os.fork()
if server_pid == 0:
    signal.alarm(20)  # (1)!
    listener.serve_forever()
listener.server_close()
# --8<-- [end:server]


# --8<-- [start:client]
def connect():
    client = socket.create_connection(listener.server_address)
    return client.makefile("rwb", buffering=0)  # (1)!


def ask(connection, name):
    connection.write(f"{name}\n".encode())


def answer(connection):
    return connection.readline().decode().strip()


def stop():
    os.kill(server_pid, signal.SIGKILL)
    os.waitpid(server_pid, 0)
# --8<-- [end:client]
