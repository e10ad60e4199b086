# --8<-- [start:worker]
import os
import signal
import sqlite3
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
connection = sqlite3.connect(":memory:", check_same_thread=False)
running, forked = threading.Event(), threading.Event()


def progress():
    if threading.current_thread() is worker:  # (1)!
        running.set()
        forked.wait()


def work():
    count = """WITH RECURSIVE counter(n) AS (
        VALUES (1) UNION ALL SELECT n + 1 FROM counter LIMIT 1000
    ) SELECT max(n) FROM counter"""
    (last,) = connection.execute(count).fetchone()
    print("worker: counted to", last, flush=True)
# --8<-- [end:worker]


# --8<-- [start:fork]
connection.set_progress_handler(progress, 1000)  # (1)!
worker = threading.Thread(target=work)
worker.start()
running.wait()
pid = os.fork()
if pid == 0:
    signal.alarm(1)
    connection.execute("SELECT 1")
    print("child: has its answer", flush=True)
    os._exit(0)

forked.set()
worker.join()
_, status = os.waitpid(pid, 0)
print("parent: the child was killed", flush=True)
signal.raise_signal(os.WTERMSIG(status))  # (2)!
# --8<-- [end:fork]
