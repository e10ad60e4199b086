# --8<-- [start:threads]
import os
import signal
import socket
import sys
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
threads = int(sys.argv[1]) if sys.argv[1:] else 0
forks = 2000 if threads else 100
socket.getaddrinfo("localhost", 80, socket.AF_INET)  # (1)!


def look_up_for_ever():
    while True:
        socket.getaddrinfo("localhost", 80, socket.AF_INET)
# --8<-- [end:threads]


# --8<-- [start:forks]
for _ in range(threads):
    threading.Thread(target=look_up_for_ever, daemon=True).start()
codes = []
for _ in range(forks):
    if os.fork() == 0:
        signal.alarm(1)
        socket.getaddrinfo("localhost", 80, socket.AF_INET)
        os._exit(0)
    codes.append(os.waitstatus_to_exitcode(os.wait()[1]))
hung, well = codes.count(-signal.SIGALRM), codes.count(0)
print(f"{threads} threads: {hung} children hung, {well} did not")
# --8<-- [end:forks]
