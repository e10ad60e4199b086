# Needs a MariaDB server: MYSQL_UNIX_PORT=/path/to/its.sock
# /// script
# dependencies = ["PyMySQL"]
# ///

import os
import signal

import pymysql


def right_answers(size):  # (1)!
    right = 0
    socket_path = os.environ["MYSQL_UNIX_PORT"]
    connection = pymysql.connect(user="root", unix_socket=socket_path)
    with connection, connection.cursor() as cursor:
        for _ in range(20):
            cursor.execute(f"SELECT LENGTH('{'x' * size}')")
            right += cursor.fetchone() == (size,)
    return right


pid = os.fork()
if pid == 0:
    signal.alarm(20)
    print("child:", right_answers(1_000_001), "right", flush=True)
    os._exit(0)
right = right_answers(1_000_000)
os.waitpid(pid, 0)
print("parent:", right, "right", flush=True)
