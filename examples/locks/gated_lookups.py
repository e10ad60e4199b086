# Needs beside it: fork_gate.py

import os
import signal
import socket
import threading
import warnings

from fork_gate import ForkGate, behind

gate = ForkGate()  # (1)!
socket.getaddrinfo = behind(gate, socket.getaddrinfo)  # (2)!
warnings.simplefilter("ignore", DeprecationWarning)


def look_up_forever():
    while True:
        socket.getaddrinfo("localhost", 80, flags=socket.AI_ADDRCONFIG)


for _ in range(4):
    threading.Thread(target=look_up_forever, daemon=True).start()
hung = 0
for _ in range(20):
    pid = os.fork()
    if pid == 0:
        signal.alarm(5)
        socket.getaddrinfo("localhost", 80, flags=socket.AI_ADDRCONFIG)
        os._exit(0)
    hung += os.waitpid(pid, 0)[1] == signal.SIGALRM
print(hung, "of 20 children hung, late:", gate.late)
