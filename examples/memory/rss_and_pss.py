# /// script
# dependencies = ["psutil"]
# ///

import os

import psutil

UNIT = 64 << 20  # (1)!
memory = bytearray(b"p") * (2 * UNIT)


def report(who, pid):
    info = psutil.Process(pid).memory_full_info()
    figures = [getattr(info, name) for name in ("rss", "uss", "pss")]
    rounded = [f"{round(bytes / UNIT) * 64:6}" for bytes in figures]
    print(f"{who:22}", *rounded, flush=True)


print(f"{'MiB':22}    rss    uss    pss", flush=True)
report("parent, before fork", os.getpid())
pid = os.fork()
if pid == 0:
    for when in "before", "after":
        report(f"parent, {when} writing", os.getppid())
        report(f"child, {when} writing", os.getpid())
        memory[::4096] = b"c" * (len(memory) // 4096)  # (2)!
    os._exit(0)
os.waitpid(pid, 0)
