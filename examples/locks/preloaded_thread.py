# Needs beside it: gunicorn_threads.py, metered.py, metered_early.py
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
def ask(*arguments, answer_at_once):
    print("gunicorn --preload", *arguments, flush=True)
    server = subprocess.Popen(
        [*GUNICORN, *arguments], stderr=subprocess.PIPE, text=True,
        pass_fds=[listener.fileno()],
    )
    report, _ = metrics.accept()  # (1)!
    client = socket.create_connection(listener.getsockname())
    if answer_at_once:
        report.close()
    client.sendall(b"GET / HTTP/1.0\r\n\r\n")
    print(" ", client.makefile().readline().strip())
    client.close()
    report.close()
    server.send_signal(signal.SIGQUIT)
    for line in server.communicate()[1].splitlines():
        if any(text in line for text in LINES):
            print(" ", line.split("] ")[-1].split(" (pid")[0].strip())
# --8<-- [end:ask]


# --8<-- [start:runs]
signal.alarm(50)
ask("metered_early", answer_at_once=False)
ask("-c", "gunicorn_threads.py", "metered", answer_at_once=True)
# --8<-- [end:runs]
