import os
import tempfile

with tempfile.TemporaryDirectory() as folder:
    pid = os.fork()
    if pid == 0:
        os._exit(0)  # (1)!

    os.waitpid(pid, 0)
    print("folder exists:", os.path.exists(folder))
