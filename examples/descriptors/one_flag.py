import os
import signal
import socket

ours, theirs = socket.socketpair()

pid = os.fork()
if pid == 0:
    signal.alarm(20)
    ours.settimeout(5)  # (1)!
    os._exit(0)

os.waitpid(pid, 0)
print("the parent's timeout:", ours.gettimeout())
print("the parent's recv() blocks:", os.get_blocking(ours.fileno()))
try:
    ours.recv(100)
except BlockingIOError as error:
    print("BlockingIOError:", error)
