# --8<-- [start:mapping]
import ctypes
import mmap
import os
import re

PAGE, PAGES = mmap.PAGESIZE, 4096


def map_pages(advice):
    mapping = mmap.mmap(-1, PAGES * PAGE, mmap.MAP_PRIVATE)  # (1)!
    mapping.madvise(advice)  # (2)!
    mapping[::PAGE] = b"p" * PAGES  # (3)!
    return mapping


def count(mapping, field):
    start = ctypes.addressof(ctypes.c_char.from_buffer(mapping))
    with open("/proc/self/smaps") as smaps:
        entry = smaps.read().split(f"\n{start:08x}-")[1]
    kilobytes = re.search(rf"^{field}: +(\d+) kB$", entry, re.M)
    return int(kilobytes[1]) * 1024 / PAGE
# --8<-- [end:mapping]


# --8<-- [start:children]
def read_all(mapping):
    bytes(mapping[::PAGE])


def write(mapping, pages, times=1):
    for _ in range(times):
        mapping[:pages * PAGE:PAGE] = b"c" * pages


def in_child(action, *arguments):
    pid = os.fork()
    if pid == 0:
        action(*arguments)
        os._exit(0)
    os.waitpid(pid, 0)


def report(label, mapping, action, *arguments):
    action(mapping, *arguments)
    own = count(mapping, "Private_Dirty")  # (1)!
    shared = count(mapping, "Shared_Dirty")
    pss = count(mapping, "Pss")
    figures = f"{own:6.0f}{shared:9.0f}{pss:9.1f}"
    print(f"{label:22}{figures}", flush=True)
# --8<-- [end:children]


# --8<-- [start:main]
if __name__ == "__main__":
    memory = map_pages(mmap.MADV_NOHUGEPAGE)
    print("the child's pages        own   shared      pss", flush=True)
    in_child(report, "reads 4096", memory, read_all)
    for n in 0, 1, 10, 100, 1000, 4096:
        in_child(report, f"writes {n}", memory, write, n)
    in_child(report, "writes 1, 1000 times", memory, write, 1, 1000)
# --8<-- [end:main]
