import signal
import subprocess

signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # (1)!

result = subprocess.run(["sh", "-c", "exit 7"], check=True)  # (2)!
print("returncode", result.returncode)
