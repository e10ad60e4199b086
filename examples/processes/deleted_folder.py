import os
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    pid = os.fork()
    if pid == 0:
        sys.exit()  # (1)!

    os.waitpid(pid, 0)
    print("folder exists:", os.path.exists(folder))
