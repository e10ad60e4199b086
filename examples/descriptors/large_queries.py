# Needs a MariaDB server: MYSQL_UNIX_PORT=/path/to/its.sock
# /// script
# dependencies = ["PyMySQL"]
# ///

# --8<-- [start:ask]
import collections
import os
import signal
import sys

import pymysql


def ask_ten_times(connection, size):
    all_right = True
    try:
        for _ in range(10):
            cursor = connection.cursor()
            cursor.execute(f"SELECT LENGTH('{'x' * size}')")
            all_right &= cursor.fetchone() == (size,)
    except Exception:  # (1)!
        return 2
    return 0 if all_right else 1
# --8<-- [end:ask]


# --8<-- [start:round]
GRAVEST_FIRST = {
    2: "error",
    -signal.SIGALRM: "no answer",  # (1)!
    1: "wrong",
    0: "right",
}


def one_round(place, size):
    connection = pymysql.connect(user="root", **place)
    pids = []
    for number in range(2):
        pid = os.fork()
        if pid == 0:
            signal.alarm(3 + size // 1_000_000)
            os._exit(ask_ten_times(connection, size + number))  # (2)!
        pids.append(pid)
    statuses = [os.waitpid(pid, 0)[1] for pid in pids]
    codes = [os.waitstatus_to_exitcode(status) for status in statuses]
    for code, outcome in GRAVEST_FIRST.items():
        if code in codes:
            return outcome
# --8<-- [end:round]


# --8<-- [start:count]
unix = {"unix_socket": os.environ["MYSQL_UNIX_PORT"]}
if len(sys.argv) == 1:
    while one_round(unix, 100) != "wrong":  # (1)!
        pass
    print("100 bytes: a wrong answer, and no error", flush=True)
    while one_round(unix, 1_000_000) != "error":
        pass
    print("1,000,000 bytes: an error", flush=True)
else:
    host, port = os.environ["MYSQL_HOST"], os.environ["MYSQL_TCP_PORT"]
    tcp = {"host": host, "port": int(port)}
    rounds = range(int(sys.argv[1]))
    for size in 100, 10_000, 100_000, 1_000_000, 12_000_000:
        for name, place in ("unix", unix), ("tcp", tcp):
            outcomes = [one_round(place, size) for _ in rounds]
            counted = dict(collections.Counter(outcomes))
            print(f"{size:>8}", name, counted, flush=True)
# --8<-- [end:count]
