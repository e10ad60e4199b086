# --8<-- [start:renew]
import os
import queue
import signal
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor

warnings.simplefilter("ignore", DeprecationWarning)
inside, go_on = threading.Event(), threading.Event()


def renew():
    global jobs, executor
    jobs, executor = queue.Queue(), ThreadPoolExecutor(1)


def hold():
    with jobs.mutex:
        inside.set()
        go_on.wait()
# --8<-- [end:renew]


# --8<-- [start:fork]
renew()
os.register_at_fork(after_in_child=renew)  # (1)!
executor.submit(hold)
inside.wait()
pid = os.fork()
if pid == 0:
    signal.alarm(5)
    jobs.put("a job")
    length = executor.submit(len, jobs.get()).result()
    print("child:", length, flush=True)
    os._exit(0)

os.waitpid(pid, 0)
go_on.set()
# --8<-- [end:fork]
