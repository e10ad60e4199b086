# Needs a MariaDB server: MYSQL_UNIX_PORT=/path/to/its.sock
# /// script
# dependencies = ["PyMySQL"]
# ///

# --8<-- [start:child]
import os
import signal
import sys

import pymysql
from pymysql.constants import COMMAND


def asks_and_dies():
    connection._execute_command(COMMAND.COM_QUERY, "SELECT 'oops'")


def rolls_back():
    connection.rollback()


def says_goodbye():
    copy_fd = os.dup(connection._sock.fileno())
    connection.close()
    os.read(copy_fd, 1)  # (1)!
# --8<-- [end:child]


# --8<-- [start:harmless]
def looks_who_it_is():
    same = ask("SELECT CONNECTION_ID()") == session_id
    print("the child's session is the parent's:", same, flush=True)


def closes_its_descriptor():
    connection._force_close()  # (1)!


def exits():
    sys.exit()


def connect():
    socket_path = os.environ["MYSQL_UNIX_PORT"]
    return pymysql.connect(user="root", unix_socket=socket_path)


def ask(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return (cursor.fetchone() or [None])[0]
# --8<-- [end:harmless]


# --8<-- [start:parent]
connection = connect()
ask("CREATE OR REPLACE DATABASE own_session")
for does in (
    asks_and_dies, rolls_back, says_goodbye,
    looks_who_it_is, closes_its_descriptor, exits,
):
    connection = connect()
    session_id = ask("SELECT CONNECTION_ID()")
    ask("CREATE TEMPORARY TABLE own_session.orders (id INT)")
    ask("INSERT INTO own_session.orders VALUES (7)")  # (1)!
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)
        connection = connect()  # (2)!
        does()
        os._exit(0)
    os.waitpid(pid, 0)
    try:
        rows = ask("SELECT COUNT(*) FROM own_session.orders")
    except pymysql.Error as error:
        rows = f"{type(error).__name__} {error.args[0]}"
    print(f"{does.__name__:21} rows: {rows}", flush=True)
connection = connect()
ask("DROP DATABASE own_session")
# --8<-- [end:parent]
