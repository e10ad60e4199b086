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


server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo)
server_pid = os.fork()
if server_pid == 0:
    signal.alarm(60)
    server.serve_forever()
server.server_close()
# --8<-- [end:server]


# --8<-- [start:race]
def connect():
    end = socket.create_connection(server.server_address)
    return end.makefile("rwb", buffering=0)


def ask(question):
    connection.write(question)
    return connection.readline()


connection = connect()
for race in range(1, 5):
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)
        connection = connect()  # (1)!
        while True:
            ask(b"oops\n")
    right = [ask(b"0\n") for _ in range(1000)].count(b"0\n")
    print(f"race {race}: {right} of 1000 right", flush=True)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)

os.kill(server_pid, signal.SIGKILL)
os.waitpid(server_pid, 0)
# --8<-- [end:race]
