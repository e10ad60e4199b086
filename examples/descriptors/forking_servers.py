# Needs a PostgreSQL server: PGHOST=/its/socket/folder PGUSER=postgres
# Needs beside it: celery_sqlalchemy.py
# Needs beside it: gunicorn_django.py
# Needs beside it: gunicorn_sqlalchemy.py
# Needs beside it: myapp.py
# Needs beside it: mysite.py
# Needs beside it: mytasks.py
# /// script
# dependencies = ["celery", "django", "gunicorn", "psutil", "psycopg[binary]", "sqlalchemy"]
# ///

# --8<-- [start:servers]
import importlib
import os
import signal
import socket
import subprocess
import sys
import tempfile

import psutil
import psycopg

folder = tempfile.TemporaryDirectory()
os.environ["CELERY_FOLDER"] = folder.name
listener = socket.create_server(("127.0.0.1", 0))
COMMANDS = {
    "gunicorn": [
        "-m", "gunicorn", "--preload",
        f"--bind=fd://{listener.fileno()}", "--no-control-socket",
    ],
    "celery": [
        "-m", "celery", "--app=mytasks", "worker",
        "--concurrency=1", "--without-mingle",
    ],
}
# --8<-- [end:servers]


# --8<-- [start:ask]
def get(name):
    client = socket.create_connection(listener.getsockname())
    client.sendall(f"GET /{name} HTTP/1.0\r\n\r\n".encode())
    return lambda: client.makefile().read().split("\n\n")[1]


def send_task(name):
    return mytasks.find.delay(name).get


def is_any(rows):
    return database.execute(f"SELECT 1 FROM {rows}").fetchone()
# --8<-- [end:ask]


# --8<-- [start:death]
def ask_after_a_death(ask, server, *arguments):
    running = psutil.Popen(
        [sys.executable, *COMMANDS[server], *arguments],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        pass_fds=[listener.fileno()],
    )
    ask("bob")()  # (1)!
    with database.transaction():
        database.execute("LOCK TABLE fork_demo")  # (2)!
        ask("alice")
        while not is_any("pg_locks WHERE NOT granted"):
            pass
        for worker in running.children():
            worker.kill()  # (3)!
    while is_any(
        "pg_stat_activity WHERE state = 'active'"
        " AND backend_type = 'client backend'"
        " AND pid <> pg_backend_pid()"
    ):
        pass
    print(server, *arguments)
    print("  asked for bob, got", ask("bob")(), flush=True)
    running.terminate()
    running.wait()
# --8<-- [end:death]


# --8<-- [start:runs]
signal.alarm(110)
database = psycopg.connect(autocommit=True)
database.execute("DROP TABLE IF EXISTS fork_demo")
database.execute("CREATE TABLE fork_demo (name text)")
database.execute("INSERT INTO fork_demo VALUES ('alice'), ('bob')")
mytasks = importlib.import_module("mytasks")  # (1)!

ask_after_a_death(get, "gunicorn", "myapp")
ask_after_a_death(
    get, "gunicorn", "-c", "gunicorn_sqlalchemy.py", "myapp"
)
ask_after_a_death(send_task, "celery")
ask_after_a_death(
    send_task, "celery", "--include", "celery_sqlalchemy"
)
ask_after_a_death(get, "gunicorn", "mysite")
ask_after_a_death(
    get, "gunicorn", "-c", "gunicorn_django.py", "mysite"
)

database.execute("DROP TABLE fork_demo")
folder.cleanup()
# --8<-- [end:runs]
