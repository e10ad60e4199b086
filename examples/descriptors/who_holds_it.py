# Needs Linux with iproute2: ss

import os
import signal
import socket
import subprocess
from pathlib import Path

listener = socket.create_server(("127.0.0.1", 0))
connection = socket.create_connection(listener.getsockname())
port = listener.getsockname()[1]
Path("/proc/self/comm").write_text("myapp")  # (1)!
child = os.fork()
if child == 0:
    signal.alarm(20)
    signal.pause()

print(f"parent pid={os.getpid()}, child pid={child}", flush=True)
filters = f"state established dport = :{port}"
command = f"ss -Htnp {filters} | grep -o 'users:.*'"
subprocess.run(command, shell=True)
os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
