import os
import signal
import sqlite3
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
connection = sqlite3.connect(":memory:", check_same_thread=False)
running = threading.Event()
connection.set_progress_handler(running.set, 1000)  # (1)!


def long_query():
    connection.execute("""WITH RECURSIVE counter(n) AS (
        VALUES (1) UNION ALL SELECT n + 1 FROM counter LIMIT 3000000
    ) SELECT max(n) FROM counter""")
    print("worker: its query is done", flush=True)


worker = threading.Thread(target=long_query)
worker.start()
running.wait()
pid = os.fork()
if pid == 0:
    signal.alarm(3)  # (2)!
    connection.execute("SELECT 1")
    os._exit(0)
worker.join()
_, status = os.waitpid(pid, 0)
print("child killed by", signal.Signals(os.WTERMSIG(status)).name)
