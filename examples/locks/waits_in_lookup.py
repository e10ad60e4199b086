# --8<-- [start:lookups]
import os
import signal
import socket
import subprocess
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)


def look_up():
    socket.getaddrinfo("localhost", 80, flags=socket.AI_ADDRCONFIG)


def look_up_forever():
    while True:
        look_up()
# --8<-- [end:lookups]


# --8<-- [start:child]
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
look_up()
threading.Thread(target=look_up_forever, daemon=True).start()
hangs = False
while not hangs:
    pid = os.fork()
    if pid == 0:
        signal.alarm(30)
        look_up()
        os._exit(0)
    hangs = signal.sigtimedwait([signal.SIGCHLD], 2) is None
    if not hangs:
        os.waitpid(pid, 0)
waits = '{print /^(98|202|240) / ? "futex" : $1}'
command = f"awk '{waits}' /proc/{pid}/task/*/syscall"
subprocess.run(command, shell=True)
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
os._exit(0)
# --8<-- [end:child]
