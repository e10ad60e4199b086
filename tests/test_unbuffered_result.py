"""A result that the parent reads row by row: which ends of a child take the parent's rows.

What the pages say of PyMySQL's SSCursor, on a real MariaDB. The row that comes last tells it: the
parent has all rows, or it waits for rows that the child has read, until its read_timeout.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from runner import Servers, run
from tests.support.results import require

PROGRAM = """
import os, signal, sys
import pymysql
from pymysql.cursors import SSCursor

def connect():
    return pymysql.connect(
        user="root", unix_socket=os.environ["MYSQL_UNIX_PORT"], cursorclass=SSCursor, read_timeout=2
    )

def main():
    connection = connect()
    cursor = connection.cursor()
    cursor.execute("SET max_recursive_iterations = 2000")
    cursor.execute(
        "WITH RECURSIVE numbers (n) AS"
        " (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000)"
        " SELECT n, REPEAT('x', 100) FROM numbers"
    )
    cursor.fetchone()
    pid = os.fork()
    if pid == 0:
        signal.alarm(10)
        CHILD
        os._exit(0)
    os.waitpid(pid, 0)
    rows = 1
    try:
        while cursor.fetchone():
            rows += 1
        print(rows, "rows", flush=True)
    except pymysql.OperationalError as error:
        print("too few rows, then", error.args[0], flush=True)
    os._exit(0)

main()
"""

ALL = "2000 rows"
LOST = "too few rows, then 2013"


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("os._exit(0)", ALL),
        ("connection._force_close(); os._exit(0)", ALL),
        ("connection = connect()", ALL),  # the cursor still holds the old connection
        ("sys.exit()", LOST),
        ("del cursor", LOST),
        ("cursor.close()", LOST),
        ("connection = connect(); cursor = connection.cursor()", LOST),
    ],
)
def test_the_end_of_a_child(child: str, parent: str, tmp_path: Path, servers: Servers) -> None:
    require(["mariadb"])
    (tmp_path / "program.py").write_text(PROGRAM.replace("CHILD", child), "utf-8")
    ended = run(
        [sys.executable, "program.py"],
        tmp_path,
        {"PATH": os.environ["PATH"]} | servers.environment(["mariadb"]),
        timeout=30,
    )
    assert (ended.status, ended.leftovers) == ("0", ())
    assert ended.output.decode().splitlines()[-1] == parent
