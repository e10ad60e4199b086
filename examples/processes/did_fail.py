import signal
import subprocess

signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # (1)!

try:
    subprocess.run(["sh", "-c", "exit 7"], check=True)
except subprocess.CalledProcessError as error:
    print("returncode", error.returncode)
