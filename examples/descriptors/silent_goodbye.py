# Needs a MariaDB server: MYSQL_UNIX_PORT=/path/to/its.sock
# Needs a C compiler and MariaDB's headers, to build mysqlclient
# /// script
# dependencies = ["mysqlclient"]
# ///

# --8<-- [start:child]
import os
import signal
import sys

import MySQLdb


def leaves_at_once():
    os._exit(0)


def exits():
    sys.exit()


def forgets():
    global connection
    del connection


def connects_again():
    global connection
    connection = connect()
# --8<-- [end:child]


# --8<-- [start:let_go]
def let_go():
    null_fd = os.open(os.devnull, os.O_RDWR)
    os.dup2(null_fd, connection.fileno(), inheritable=False)  # (1)!
    os.close(null_fd)


def connect():
    socket_path = os.environ["MYSQL_UNIX_PORT"]
    return MySQLdb.connect(user="root", unix_socket=socket_path)
# --8<-- [end:let_go]


# --8<-- [start:parent]
for does in leaves_at_once, exits, forgets, connects_again:
    connection = connect()
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)
        let_go()
        does()
        os._exit(0)
    os.waitpid(pid, 0)
    try:
        connection.query("SELECT 1")
        outcome = "fine"
    except MySQLdb.Error as error:
        outcome = type(error).__name__
    print(f"{does.__name__:15} {outcome}", flush=True)
# --8<-- [end:parent]
