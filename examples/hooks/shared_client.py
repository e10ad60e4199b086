# --8<-- [start:server]
import os
import signal
import socket
import socketserver


class Sessions(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.sessions += 1
        answer = b"session %d" % self.server.sessions
        for _ in self.rfile:
            self.wfile.write(answer)


server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sessions)
server.sessions = 0


def run_with_server(client):
    server_pid = os.fork()
    if server_pid == 0:
        signal.alarm(20)
        server.serve_forever()
    server.server_close()
    run(client)
    os.kill(server_pid, signal.SIGKILL)
    os.waitpid(server_pid, 0)
# --8<-- [end:server]


# --8<-- [start:client]
class Client:
    connection = None

    def ask(self):
        if self.connection is None:
            self.connection = connect()
        self.connection.sendall(b"which session?\n")
        return self.connection.recv(100).decode()


def connect():
    return socket.create_connection(server.server_address)
# --8<-- [end:client]


# --8<-- [start:run]
def run(client):
    print("parent:", client.ask(), flush=True)
    pid = os.fork()
    if pid == 0:
        print("child: ", client.ask(), flush=True)
        os._exit(0)
    os.waitpid(pid, 0)
    print("parent:", client.ask(), flush=True)


if __name__ == "__main__":
    run_with_server(Client())
# --8<-- [end:run]
