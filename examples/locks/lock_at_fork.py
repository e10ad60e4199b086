# --8<-- [start:worker]
import os
import signal
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)  # (1)!
lock = threading.Lock()
locked, forked = threading.Event(), threading.Event()


def work():
    with lock:
        locked.set()
        forked.wait()
# --8<-- [end:worker]


# --8<-- [start:fork]
threading.Thread(target=work).start()
locked.wait()
pid = os.fork()
if pid == 0:
    signal.alarm(1)
    print("child: wants the lock", flush=True)
    lock.acquire()
    print("child: has the lock", flush=True)
    os._exit(0)

forked.set()
_, status = os.waitpid(pid, 0)
print("parent: the child was killed", flush=True)
signal.raise_signal(os.WTERMSIG(status))  # (1)!
# --8<-- [end:fork]
