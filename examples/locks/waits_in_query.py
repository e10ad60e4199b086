# --8<-- [start:query]
import os
import signal
import sqlite3
import subprocess
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
connection = sqlite3.connect(":memory:", check_same_thread=False)
running = threading.Event()
connection.set_progress_handler(running.set, 1000)


def long_query():
    connection.execute("""WITH RECURSIVE counter(n) AS (
        VALUES (1) UNION ALL SELECT n + 1 FROM counter LIMIT 3000000
    ) SELECT max(n) FROM counter""")
# --8<-- [end:query]


# --8<-- [start:child]
worker = threading.Thread(target=long_query)
worker.start()
running.wait()
pid = os.fork()
if pid == 0:
    signal.alarm(30)
    connection.execute("SELECT 1")
    os._exit(0)
signal.sigtimedwait([signal.SIGCHLD], 2)
waits = '{print /^(98|202|240) / ? "futex" : $1}'
command = f"awk '{waits}' /proc/{pid}/task/*/syscall"
subprocess.run(command, shell=True)
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
worker.join()
# --8<-- [end:child]
