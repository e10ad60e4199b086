# --8<-- [start:child]
import os
import signal
import sqlite3
import tempfile
import threading

folder = tempfile.TemporaryDirectory()
path = os.path.join(folder.name, "fruit.db")
ready_fd, go_fd = os.pipe()

pid = os.fork()  # (1)!
if pid == 0:
    signal.alarm(5)
    os.read(ready_fd, 1)
    connection = sqlite3.connect(path)  # (2)!
    (name,) = connection.execute("SELECT name FROM fruit").fetchone()
    print("child: found", name, flush=True)
    os._exit(0)
# --8<-- [end:child]


# --8<-- [start:parent]
running, answered = threading.Event(), threading.Event()


def progress():
    running.set()
    answered.wait()


def work():
    query = connection.execute("SELECT count(*) FROM fruit")
    print("worker: counted", *query.fetchone())


connection = sqlite3.connect(path, check_same_thread=False)
connection.execute("CREATE TABLE fruit AS SELECT 'plum' AS name")
connection.set_progress_handler(progress, 1)
worker = threading.Thread(target=work)
worker.start()
# --8<-- [end:parent]

# --8<-- [start:end]
running.wait()
os.write(go_fd, b"!")  # (1)!
os.waitpid(pid, 0)
answered.set()
worker.join()
folder.cleanup()
# --8<-- [end:end]
