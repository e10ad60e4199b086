# Needs beside it: gunicorn_threads.py
# Needs beside it: metered.py
# Needs beside it: metered_early.py
# /// script
# dependencies = ["gunicorn"]
# ///

# --8<-- [start:servers]
import os
import signal
import socket
import subprocess
import sys

listener = socket.create_server(("127.0.0.1", 0))
metrics = socket.create_server(("127.0.0.1", 0))
os.environ["METRICS_PORT"] = str(metrics.getsockname()[1])
GUNICORN = [
    sys.executable, "-m", "gunicorn", "--preload", "--timeout=2",
    f"--bind=fd://{listener.fileno()}", "--no-control-socket",
]
LINES = "WORKER TIMEOUT", "in application", "with lock"
# --8<-- [end:servers]


# --8<-- [start:ask]
def ask(*arguments):
    print("gunicorn --preload", *arguments, flush=True)
    server = subprocess.Popen(
        [*GUNICORN, *arguments], stderr=subprocess.PIPE, text=True,
        pass_fds=[listener.fileno()],
    )
    report, _ = metrics.accept()  # (1)!
    while "Booting worker" not in server.stderr.readline():
        pass
    report.close()  # (2)!
    client = socket.create_connection(listener.getsockname())
    client.sendall(b"GET / HTTP/1.0\r\n\r\n")
    print(" ", client.makefile().readline().strip())
    client.close()
    server.send_signal(signal.SIGQUIT)
    for line in server.stderr:
        if any(text in line for text in LINES):
            print(" ", line.split("] ")[-1].split(" (pid")[0].strip())
    server.wait()
# --8<-- [end:ask]


# --8<-- [start:runs]
signal.alarm(50)
ask("metered_early")
ask("-c", "gunicorn_threads.py", "metered")
# --8<-- [end:runs]
