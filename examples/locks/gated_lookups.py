# Needs beside it: fork_gate.py

# --8<-- [start:threads]
import os
import signal
import socket
import sys
import threading
import warnings

from fork_gate import ForkGate, behind

warnings.simplefilter("ignore", DeprecationWarning)
gate = ForkGate()
socket.getaddrinfo = behind(gate, socket.getaddrinfo)
forks = int(sys.argv[1]) if sys.argv[1:] else 20
hung = late = 0


def look_up():
    flags = socket.AI_ADDRCONFIG  # (1)!
    socket.getaddrinfo("localhost", 80, flags=flags)


def look_up_forever():
    while True:
        look_up()
# --8<-- [end:threads]


# --8<-- [start:forks]
for _ in range(4):
    threading.Thread(target=look_up_forever, daemon=True).start()
for _ in range(forks):
    pid = os.fork()
    if pid == 0:
        signal.alarm(5)
        look_up()
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    hung += os.WIFSIGNALED(status)
    late += gate.late
    gate.late = False
print(f"{hung} children hung, {forks - hung} did not, {late} late")
sys.stdout.flush()
os._exit(0)  # (1)!
# --8<-- [end:forks]
