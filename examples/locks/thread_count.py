# --8<-- [start:report]
import ctypes
import os
import signal
import sys
import threading
import warnings


def report(label):
    signal.alarm(5)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        pid = os.fork()
        if pid == 0:
            os._exit(len(caught))  # (1)!
    _, status = os.waitpid(pid, 0)
    kernel = len(os.listdir("/proc/self/task"))
    expected = kernel > 1 and sys.version_info >= (3, 12)
    told = bool(caught) == expected and status == 0  # (2)!
    counts = threading.active_count(), kernel
    print(f"{label}: Python %d, kernel %d, {told}" % counts, flush=True)
# --8<-- [end:report]


# --8<-- [start:threads]
report("one thread")
libc = ctypes.CDLL(None)
handle = ctypes.c_ulong()
libc.pthread_create(ctypes.byref(handle), None, libc.pause, None)
report("and one of C")

lock = threading.Lock()
locked, end = threading.Event(), threading.Event()


def work():
    with lock:
        locked.set()
        end.wait()


threading.Thread(target=work, daemon=True).start()
locked.wait()
report("and one of Python")
# --8<-- [end:threads]


# --8<-- [start:child]
with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    pid = os.fork()
if pid == 0:
    report("a child")
    print("its lock is locked:", lock.locked(), flush=True)
    os._exit(0)
os.waitpid(pid, 0)
end.set()
# --8<-- [end:child]
