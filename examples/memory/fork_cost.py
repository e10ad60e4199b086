# --8<-- [start:ways]
import functools
import json
import mmap
import multiprocessing.forkserver
import multiprocessing.resource_tracker
import os
import subprocess
import sys
import time

COMMAND = ["/bin/sh", "-c", ":"]


def fork():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    yield  # (1)!
    os.waitpid(pid, 0)
# --8<-- [end:ways]


# --8<-- [start:others]
def posix_spawn():
    pid = os.posix_spawn(COMMAND[0], COMMAND, os.environ)
    yield
    os.waitpid(pid, 0)


def popen(**options):
    child = subprocess.Popen(COMMAND, **options)
    yield
    child.wait()


def process(method):
    context = multiprocessing.get_context(method)
    child = context.Process(target=int)  # (1)!
    child.start()
    child.join()
    yield  # (2)!
# --8<-- [end:others]


# --8<-- [start:time]
WAYS = {
    "os.fork": fork,
    "os.posix_spawn": posix_spawn,
    "subprocess": popen,
    "preexec_fn": functools.partial(popen, preexec_fn=int),
    "fork": functools.partial(process, "fork"),
    "forkserver": functools.partial(process, "forkserver"),
    "spawn": functools.partial(process, "spawn"),
}


def least_milliseconds(way):
    times = []
    while len(times) < 30 and (len(times) < 5 or sum(times) < 0.3):
        begin = time.perf_counter()
        steps = way()
        next(steps)
        times.append(time.perf_counter() - begin)
        next(steps, None)
    return 1000 * min(times)
# --8<-- [end:time]


# --8<-- [start:memory]
def measure(sizes, ways, advice=mmap.MADV_NOHUGEPAGE):
    figures, begin = {}, 0
    with mmap.mmap(-1, 1 << 30, mmap.MAP_PRIVATE) as memory:  # (1)!
        memory.madvise(advice)
        for megabytes in sizes:
            end = megabytes << 20
            pages = range(begin, end, mmap.PAGESIZE)
            memory[begin:end:mmap.PAGESIZE] = bytes(len(pages))  # (2)!
            begin = end
            figures[megabytes] = {
                way: least_milliseconds(ways[way]) for way in ways
            }
    return figures
# --8<-- [end:memory]


# --8<-- [start:main]
if __name__ == "__main__":
    sizes = [int(megabytes) for megabytes in sys.argv[1:]]
    if sizes:
        figures = measure(sizes, WAYS)
        huge = measure(sizes, {"huge pages": fork}, mmap.MADV_HUGEPAGE)
        for size in sizes:
            figures[size] |= huge[size]
        print(json.dumps(figures))
    else:
        small, large = measure([0, 512], WAYS).values()
        for way in WAYS:
            grows = large[way] > 4 * small[way]
            print(f"{way:16}{'grows' if grows else 'stays'}")
    multiprocessing.forkserver._forkserver._stop()  # (1)!
    multiprocessing.resource_tracker._resource_tracker._stop()
# --8<-- [end:main]
