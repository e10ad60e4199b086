import os
import signal
import socket

worker = os.fork()  # (1)!
if worker == 0:
    signal.alarm(10)
    signal.pause()

listener = socket.create_server(("127.0.0.1", 0))
address = listener.getsockname()

listener.close()
socket.create_server(address).close()
print("restart: listening")

os.kill(worker, signal.SIGKILL)
os.waitpid(worker, 0)
