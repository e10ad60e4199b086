# Needs beside it: gunicorn_freeze.py
# Needs beside it: preloaded_app.py
# Needs beside it: reads_a_list.py
# /// script
# dependencies = ["gunicorn"]
# ///

import signal
import socket
import subprocess
import sys

LISTENER = socket.create_server(("127.0.0.1", 0))
GUNICORN = [
    sys.executable, "-m", "gunicorn", "--preload",
    f"--bind=fd://{LISTENER.fileno()}", "--no-control-socket",
    "preloaded_app",
]


def ask_a_worker(config):
    server = subprocess.Popen(
        [*GUNICORN, "-c", config], pass_fds=[LISTENER.fileno()],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    client = socket.create_connection(LISTENER.getsockname())
    client.sendall(b"GET / HTTP/1.0\r\n\r\n")
    answer = client.makefile().read().split("\n\n")[1]
    print(f"-c {config:20} {answer}", flush=True)
    server.send_signal(signal.SIGQUIT)
    server.wait()


signal.alarm(60)
ask_a_worker("/dev/null")
ask_a_worker("gunicorn_freeze.py")
