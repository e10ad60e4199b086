# Needs beside it: reads_a_list.py

import os

from reads_a_list import COUNT, read

FIELDS = "Rss:", "Shared_Dirty:", "Private_Dirty:"


def figures():
    with open("/proc/self/smaps_rollup") as rollup:
        kib = dict(line.split()[:2] for line in rollup)
    return [int(kib[field]) / 1024 for field in FIELDS]


def report(label, action):
    before = figures()
    _kept = action()
    changes = zip(figures(), before, strict=True)
    rounded = [round((now - then) / 16) * 16 for now, then in changes]
    print(f"{label:13}", *(f"{mib:+14}" for mib in rounded), flush=True)


floats = [float(n) for n in range(COUNT)]
print(f"{'MiB':13}", *(f"{field:>14}" for field in FIELDS), flush=True)
pid = os.fork()
if pid == 0:
    report("reads a list", lambda: read(floats))
    report("makes a list", lambda: [float(n) for n in range(COUNT)])
    os._exit(0)
os.waitpid(pid, 0)
