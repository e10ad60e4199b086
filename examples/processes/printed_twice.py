import os
import sys

print(f"one line, pid={os.getpid()}")  # (1)!
pid = os.fork()
if pid == 0:
    sys.exit()  # (2)!

os.waitpid(pid, 0)  # (3)!
