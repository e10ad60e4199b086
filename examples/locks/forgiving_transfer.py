# Needs beside it: owner_lock.py

# --8<-- [start:worker]
import os
import signal
import threading
import warnings

from owner_lock import OwnerLock

warnings.simplefilter("ignore", DeprecationWarning)
lock = OwnerLock()
balance = {"savings": 100, "wallet": 0}
halfway, finish = threading.Event(), threading.Event()


def transfer():
    with lock:
        balance["savings"] -= 30
        halfway.set()
        finish.wait()
        balance["wallet"] += 30
# --8<-- [end:worker]


# --8<-- [start:child]
worker = threading.Thread(target=transfer)
worker.start()
halfway.wait()
pid = os.fork()
if pid == 0:
    signal.alarm(5)
    with lock:
        print("child: abandoned", lock.abandoned, flush=True)
        print("child:", sum(balance.values()), flush=True)
        if lock.abandoned:
            balance["wallet"] = 100 - balance["savings"]
            lock.abandoned = False  # (1)!
        print("child:", sum(balance.values()), flush=True)
    os._exit(0)

os.waitpid(pid, 0)
finish.set()
worker.join()
print("parent: abandoned", lock.abandoned)
print("parent:", sum(balance.values()))
# --8<-- [end:child]
