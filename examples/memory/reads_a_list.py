# --8<-- [start:measure]
import gc
import os

COUNT = 1 << 19  # (1)!


def own_mib():
    with open("/proc/self/smaps_rollup") as rollup:
        kib = dict(line.split()[:2] for line in rollup)
    return int(kib["Private_Dirty:"]) / 1024


def read(values):
    for _ in values:
        pass
# --8<-- [end:measure]


# --8<-- [start:read]
def copied_by(label, action):
    pid = os.fork()
    if pid == 0:
        gc.disable()  # (1)!
        before = own_mib()
        action()
        copied = own_mib() - before
        mib = round(copied / 8) * 8  # (2)!
        print(f"{label:20} {mib:2} MiB", flush=True)
        os._exit(0)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    floats = [float(n) for n in range(COUNT)]
    copied_by("len(floats)", lambda: len(floats))
    copied_by("for value in floats", lambda: read(floats))
    nones = [None] * COUNT
    copied_by("for value in nones", lambda: read(nones))
# --8<-- [end:read]
