import os
import sys


def make_thumbnail():
    pid = os.fork()
    if pid == 0:
        sys.exit()
    os.waitpid(pid, 0)


def charge_card():
    print(f"pid={os.getpid()}: card charged")


print(f"pid={os.getpid()}: parent", flush=True)
for job in make_thumbnail, charge_card:
    try:
        job()
    except BaseException as error:
        print(f"pid={os.getpid()}: {job.__name__}: {error!r}")
