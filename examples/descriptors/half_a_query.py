# Needs a MariaDB server: MYSQL_UNIX_PORT=/path/to/its.sock
# /// script
# dependencies = ["PyMySQL"]
# ///

import os

import pymysql

QUERY = "SELECT LENGTH('" + 1000 * "x" + "')"
socket_path = os.environ["MYSQL_UNIX_PORT"]
connection = pymysql.connect(user="root", unix_socket=socket_path)

pid = os.fork()
if pid == 0:
    request = b"\x03" + QUERY.encode()  # (1)!
    header = len(request).to_bytes(3, "little") + b"\x00"
    connection._sock.sendall((header + request)[:500])  # (2)!
    os._exit(0)
os.waitpid(pid, 0)

for attempt in "first", "second":
    try:
        connection.cursor().execute(QUERY)
    except pymysql.Error as error:
        print(f"{attempt}:", type(error).__name__, flush=True)
        if attempt == "first":
            print(error.args[1].partition(";")[0], flush=True)
