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
    signal.alarm(20)
    server.serve_forever()
server.server_close()
# --8<-- [end:server]


# --8<-- [start:turns]
def connect():
    end = socket.create_connection(server.server_address)
    return end.makefile("rwb", buffering=0)  # (1)!


def ask(question):
    connection.write(question)
    return connection.readline()


connection = connect()
pid = os.fork()
if pid == 0:
    signal.alarm(20)
    connection.write(b"oops\n")
    signal.raise_signal(signal.SIGSTOP)  # (2)!
    print("child asked oops, got", connection.readline(), flush=True)
    os._exit(0)

os.waitpid(pid, os.WUNTRACED)
print("parent asked 0, got", ask(b"0\n"), flush=True)
os.kill(pid, signal.SIGCONT)
os.waitpid(pid, 0)
print("parent asked 1, got", ask(b"1\n"), flush=True)
# --8<-- [end:turns]

# --8<-- [start:race]
pid = os.fork()
if pid == 0:
    connection.write(b"oops\n")
    os._exit(0)  # (1)!
os.waitpid(pid, 0)
print("then", [ask(b"%d\n" % n) for n in range(4)], flush=True)

for race in range(1, 5):
    connection = connect()
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)
        while True:
            ask(b"oops\n")
    while ask(b"0\n") == b"0\n":  # (2)!
        pass
    print(f"race {race}: a wrong answer, and no error", flush=True)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)

os.kill(server_pid, signal.SIGKILL)
os.waitpid(server_pid, 0)
# --8<-- [end:race]
