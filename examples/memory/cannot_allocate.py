# --8<-- [start:parent]
import mmap
import os
import subprocess

with open("/proc/meminfo") as meminfo:
    kib = dict(line.split()[:2] for line in meminfo)
machine = 1024 * (int(kib["MemTotal:"]) + int(kib["SwapTotal:"]))
part = machine * 2 // 3 // mmap.PAGESIZE * mmap.PAGESIZE
memory = mmap.mmap(-1, part, mmap.MAP_PRIVATE)  # (1)!
memory.resize(2 * part)
# --8<-- [end:parent]


# --8<-- [start:children]
def attempt(label, start):
    try:
        print(f"{label:17} exit code {start()}", flush=True)
    except OSError as error:
        print(f"{label:17} OSError: {error}", flush=True)


def fork():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    return os.waitpid(pid, 0)[1]


def call():
    return subprocess.call("true", preexec_fn=os.setsid)


if __name__ == "__main__":
    attempt("os.fork()", fork)
    attempt("preexec_fn", call)
# --8<-- [end:children]
