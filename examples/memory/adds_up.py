# /// script
# dependencies = ["psutil"]
# ///

import os
import signal

import psutil

UNIT = 256 << 20
memory = bytearray(b"p") * UNIT


def bytes_used(pid):
    parent = psutil.Process(pid)
    family = [parent, *parent.children(recursive=True)]
    infos = [process.memory_full_info() for process in family]
    return sum(one.rss for one in infos), sum(one.pss for one in infos)


workers = []
for _ in range(3):
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)
        signal.pause()  # (1)!
        os._exit(0)
    workers.append(pid)
rss, pss = (round(total / UNIT) for total in bytes_used(os.getpid()))
print(f"RSS {rss * 256} MiB, PSS {pss * 256} MiB")
for pid in workers:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
