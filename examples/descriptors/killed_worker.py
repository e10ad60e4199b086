# Needs a PostgreSQL server: PGHOST=/its/socket/folder PGUSER=postgres
# /// script
# dependencies = ["psycopg[binary]"]
# ///

import os
import signal

import psycopg

connection = psycopg.connect(autocommit=True)
worker = os.fork()
if worker == 0:
    connection.pgconn.send_query(b"SELECT 'bob'")  # (1)!
    os.kill(os.getpid(), signal.SIGKILL)  # (2)!
os.waitpid(worker, 0)

row = connection.execute("SELECT 'alice'").fetchone()
print("asked for alice, got", row[0])
