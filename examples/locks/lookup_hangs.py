import os
import signal
import socket
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)


def look_up():  # (1)!
    socket.getaddrinfo("localhost", 80, flags=socket.AI_ADDRCONFIG)


def look_up_forever():
    while True:
        look_up()


look_up()
threading.Thread(target=look_up_forever, daemon=True).start()
hung = False
while not hung:
    pid = os.fork()
    if pid == 0:
        signal.alarm(2)  # (2)!
        look_up()
        os._exit(0)
    hung = os.waitpid(pid, 0)[1] == signal.SIGALRM
look_up()
print("one child hung, the parent can still look up names")
