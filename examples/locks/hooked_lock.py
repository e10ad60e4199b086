# --8<-- [start:hooks]
import os
import signal
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
lock = threading.RLock()  # (1)!


def end_if_locked():
    has_lock = False
    try:
        has_lock = lock.acquire(blocking=False)
    finally:
        if not has_lock:
            os._exit(1)
    lock.release()


os.register_at_fork(  # (2)!
    before=lock.acquire,
    after_in_parent=lock.release,
    after_in_child=lock.release,
)
os.register_at_fork(after_in_child=end_if_locked)  # (3)!
# --8<-- [end:hooks]


# --8<-- [start:worker]
locked, forking = threading.Event(), threading.Event()
os.register_at_fork(before=forking.set)  # (1)!


def work():
    with lock:
        locked.set()
        forking.wait()
# --8<-- [end:worker]


# --8<-- [start:fork]
threading.Thread(target=work).start()
locked.wait()
pid = os.fork()
if pid == 0:
    signal.alarm(5)
    print("child: wants the lock", flush=True)
    lock.acquire()
    print("child: has the lock", flush=True)
    os._exit(0)

_, status = os.waitpid(pid, 0)
print("parent: exit code", os.waitstatus_to_exitcode(status))
# --8<-- [end:fork]
