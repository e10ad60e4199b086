import os
import select
import signal
import socket

ours, theirs = socket.socketpair()

pid = os.fork()
if pid == 0:
    signal.alarm(20)
    ready, _, _ = select.select([ours], [], [], 0.1)  # (1)!
    print("child:", "data" if ready else "no data in time", flush=True)
    os._exit(0)

os.waitpid(pid, 0)
print("the parent's recv() blocks:", os.get_blocking(ours.fileno()))
