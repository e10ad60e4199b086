import os
import signal
import sys

NEW_PROGRAM = """
import os, signal
print(f"new program: pid={os.getpid()}")
print("directory:", os.getcwd())
print("SIGTERM:", signal.getsignal(signal.SIGTERM).name)
print("counter:", globals().get("counter"))
"""

pid = os.fork()
if pid == 0:
    try:
        counter = 1
        os.chdir("/")
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # (1)!
        print(f"child: pid={os.getpid()}", flush=True)
        command = [sys.executable, "-c", NEW_PROGRAM]  # (2)!
        os.execv(sys.executable, command)
    finally:
        os._exit(127)  # (3)!

os.waitpid(pid, 0)
