import os
import signal
import socket

listener = socket.create_server(("127.0.0.1", 0))
address = listener.getsockname()

worker = os.fork()
if worker == 0:
    signal.alarm(10)
    signal.pause()  # (1)!

listener.close()  # (2)!
try:
    socket.create_server(address)
except OSError as error:
    print("restart:", os.strerror(error.errno))
client = socket.create_connection(address, timeout=0.5)
print("client: connected")

os.kill(worker, signal.SIGKILL)
os.waitpid(worker, 0)
socket.create_server(address).close()
print("restart: listening")
