import os
import sys
import tempfile
import traceback

with tempfile.TemporaryDirectory() as folder:
    pid = os.fork()
    if pid == 0:
        exit_code = 1
        try:
            try:
                print("child: working in the folder")
            finally:
                sys.stdout.flush()  # (1)!
            exit_code = 0
        except Exception:
            traceback.print_exc()  # (2)!
        finally:
            os._exit(exit_code)  # (3)!

    os.waitpid(pid, 0)
    print("folder exists:", os.path.exists(folder))
