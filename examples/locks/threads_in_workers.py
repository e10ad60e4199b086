# Needs beside it: threads_in_workers.conf.py

import os
import runpy
import signal
import socket

config = runpy.run_path("threads_in_workers.conf.py")
hung = 0
for worker in range(20):
    pid = os.fork()
    if pid == 0:
        signal.alarm(5)
        config["post_fork"](None, worker)
        flags = socket.AI_ADDRCONFIG
        socket.getaddrinfo("localhost", 80, flags=flags)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    hung += os.WIFSIGNALED(status)
print(hung, "of 20 workers hung")
