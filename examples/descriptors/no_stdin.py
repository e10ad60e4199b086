import os
import subprocess
import sys

os.set_inheritable(0, False)  # (1)!
pid = os.fork()
if pid == 0:
    try:
        os.fstat(0)
        print("fork: standard input is open", flush=True)
        os._exit(0)
    finally:
        os._exit(1)
os.waitpid(pid, 0)

look = """
import os, sys
fd = os.open(os.devnull, os.O_RDONLY)
print(f"exec: sys.stdin is {sys.stdin}, the first file is {fd}")
"""
subprocess.run([sys.executable, "-c", look])  # (2)!
