# --8<-- [start:measure]
import gc
import os
import sys

COUNT = 1 << 19  # (1)!


def own_kilobytes():
    with open("/proc/self/smaps_rollup") as rollup:
        fields = dict(line.split()[:2] for line in rollup)
    return int(fields["Private_Dirty:"])  # (2)!


def in_words(megabytes):
    if len(sys.argv) == 1:
        if megabytes < 1:
            return "less than 1 MiB"
        if megabytes >= 16:
            return "16 MiB or more"
    return f"{megabytes:.2f} MiB"  # (3)!
# --8<-- [end:measure]


# --8<-- [start:read]
def copied_by(label, action):
    pid = os.fork()
    if pid == 0:
        gc.disable()  # (1)!
        before = own_kilobytes()
        action()
        megabytes = (own_kilobytes() - before) / 1024
        print(f"{label:20} {in_words(megabytes)}", flush=True)
        os._exit(0)
    os.waitpid(pid, 0)


def read(values):
    for _ in values:
        pass
# --8<-- [end:read]


# --8<-- [start:main]
if __name__ == "__main__":
    floats = [float(n) for n in range(COUNT)]
    copied_by("len(floats)", lambda: len(floats))
    copied_by("for value in floats", lambda: read(floats))
    nones = [None] * COUNT
    copied_by("for value in nones", lambda: read(nones))
# --8<-- [end:main]
