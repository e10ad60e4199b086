# --8<-- [start:queries]
import multiprocessing.resource_tracker
import os
import sqlite3
import tempfile
import threading
from contextlib import closing


def find(path):
    with closing(sqlite3.connect(path)) as connection:  # (1)!
        query = connection.execute("SELECT name FROM fruit")
        print("child: found", *query.fetchone(), flush=True)


def query_until(done):
    with closing(sqlite3.connect(":memory:")) as connection:
        while not done.is_set():
            connection.execute("SELECT 'pear'").fetchone()
# --8<-- [end:queries]


# --8<-- [start:spawn]
if __name__ == "__main__":  # (1)!
    folder = tempfile.TemporaryDirectory()
    path = os.path.join(folder.name, "fruit.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE fruit AS SELECT 'plum' name")
    done = threading.Event()
    worker = threading.Thread(target=query_until, args=[done])
    worker.start()
    spawn = multiprocessing.get_context("spawn")  # (2)!
    for _ in range(3):
        child = spawn.Process(target=find, args=[path])
        child.start()
        child.join()
    done.set()
    worker.join()
    multiprocessing.resource_tracker._resource_tracker._stop()  # (3)!
# --8<-- [end:spawn]
