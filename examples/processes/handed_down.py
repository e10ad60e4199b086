import signal
import subprocess
import sys

PROGRAM = """
import subprocess, sys
result = subprocess.run(["sh", "-c", "exit 7"])
print("launched program: returncode", result.returncode, flush=True)
sys.stdin.read()
"""

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
command = [sys.executable, "-c", PROGRAM]
pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
with subprocess.Popen(command, **pipes, text=True) as program:
    print(program.stdout.readline(), end="", flush=True)
    mask = f"0x$(grep SigIgn /proc/{program.pid}/status | cut -f2)"
    subprocess.run(f"echo $(({mask} >> 16 & 1))", shell=True)
