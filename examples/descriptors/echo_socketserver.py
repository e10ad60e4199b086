# /// script
# dependencies = ["psutil"]
# ///

# --8<-- [start:server]
import os
import signal
import socket
import socketserver
import time

import psutil


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line)


server = socketserver.ForkingTCPServer(("127.0.0.1", 0), Echo)
pid = os.fork()
if pid == 0:
    signal.alarm(10)
    server.serve_forever()  # (1)!
# --8<-- [end:server]

# --8<-- [start:client]
signal.alarm(10)
with socket.create_connection(server.server_address) as client:
    client.sendall(b"one\n")
    print("answer: ", client.recv(100))
while psutil.Process(pid).children():  # (1)!
    time.sleep(0.01)
print("children:", len(psutil.Process(pid).children()))
os.kill(pid, signal.SIGTERM)
os.waitpid(pid, 0)
# --8<-- [end:client]
