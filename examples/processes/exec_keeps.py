import os
import signal
import sys

NEW_PROGRAM = """
import os, signal
print(f"new program: pid={os.getpid()}")
print("directory:", os.getcwd())
print("STAGE:", os.environ["STAGE"])
print("SIGTERM:", signal.getsignal(signal.SIGTERM).name)
blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [])
print("blocked:", *[signum.name for signum in blocked])
print("counter:", globals().get("counter"))
"""

pid = os.fork()
if pid == 0:
    try:
        counter = 1
        os.chdir("/")
        os.environ["STAGE"] = "test"
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # (1)!
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
        print(f"child: pid={os.getpid()}", flush=True)
        os.execv(sys.executable, ["python", "-c", NEW_PROGRAM])  # (2)!
    finally:
        os._exit(127)  # (3)!

os.waitpid(pid, 0)
