# --8<-- [start:hold]
import io
import logging
import os
import queue
import signal
import sys
import tempfile
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

warnings.simplefilter("ignore", DeprecationWarning)
inside, go_on = threading.Event(), threading.Event()


def stop():
    inside.set()
    go_on.wait()


def hold(lock):
    with lock:
        stop()
# --8<-- [end:hold]


# --8<-- [start:row]
def row(label, in_thread, in_child):
    thread = threading.Thread(target=in_thread)
    thread.start()
    inside.wait()
    answer_fd, child_fd = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.setitimer(signal.ITIMER_REAL, 0.8)  # (1)!
        try:
            answer = repr(in_child())
        except Exception as error:
            answer = type(error).__name__
        os.write(child_fd, answer.encode())
        os._exit(0)
    os.close(child_fd)
    with open(answer_fd) as file:
        answer = file.read() or "DEADLOCK"
    os.waitpid(pid, 0)
    print(f"{label:18}{answer}", flush=True)
    go_on.set()
    thread.join()
    inside.clear()
    go_on.clear()
# --8<-- [end:row]


# --8<-- [start:locks]
lock, rlock = threading.Lock(), threading.RLock()
condition, jobs = threading.Condition(), queue.Queue()
handler = logging.StreamHandler(io.StringIO())  # (1)!
logging.getLogger().addHandler(handler)


def held(lock):
    return lambda: hold(lock)


row("Lock acquire", held(lock), lambda: lock.acquire())
row("Lock, 0.1 s", held(lock), lambda: lock.acquire(timeout=0.1))
row("Lock release", held(lock), lambda: lock.release())
row("RLock, 0.1 s", held(rlock), lambda: rlock.acquire(timeout=0.1))
row("RLock release", held(rlock), lambda: rlock.release())
row("Condition enter", held(condition), lambda: condition.__enter__())
row("Queue put", held(jobs.mutex), lambda: jobs.put(1))
row("logging", held(handler.lock), lambda: logging.error("hello"))
# --8<-- [end:locks]


# --8<-- [start:waiting]
simple_jobs, executor = queue.SimpleQueue(), ThreadPoolExecutor(1)
done = threading.Event()


def finish():
    stop()
    done.set()


def work():
    executor.submit(stop).result()


row("Event wait, 0.1 s", finish, lambda: done.wait(0.1))
row("SimpleQueue put", stop, lambda: simple_jobs.put(1))  # (1)!
row("executor submit", work, lambda: executor.submit(int).done())
row("executor, 0.1 s", work, lambda: executor.submit(int).result(0.1))
# --8<-- [end:waiting]


# --8<-- [start:files]
class Slow(io.RawIOBase):  # (1)!
    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, room):
        stop()
        return 0

    def write(self, data):
        stop()
        return len(data)


slow_in = io.BufferedReader(Slow())
slow_out = io.TextIOWrapper(io.BufferedWriter(Slow()))


def say():
    print("hello", file=slow_out, flush=True)
# --8<-- [end:files]


# --8<-- [start:last]
def load():
    __import__("slow")


row("buffered read", slow_in.readline, slow_in.readline)
row("print", say, say)
with tempfile.TemporaryDirectory() as folder:
    program = "import __main__\n__main__.stop()\n"
    Path(folder, "slow.py").write_text(program)
    sys.path.append(folder)
    row("import", load, load)
# --8<-- [end:last]
