import os
import sys

print(f"one line, pid={os.getpid()}")
sys.stdout.flush()  # (1)!
pid = os.fork()
if pid == 0:
    print(f"the child, pid={os.getpid()}", flush=True)  # (2)!
    os._exit(0)

os.waitpid(pid, 0)
