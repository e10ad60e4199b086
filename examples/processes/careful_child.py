import os
import sys
import tempfile
import traceback

with tempfile.TemporaryDirectory() as folder:
    pid = os.fork()
    if pid == 0:
        exit_code = 1
        try:
            print("child: working in the folder")
            exit_code = 0
        except Exception:
            traceback.print_exc()  # (1)!
        finally:
            sys.stdout.flush()  # (2)!
            os._exit(exit_code)  # (3)!

    os.waitpid(pid, 0)
    print("folder exists:", os.path.exists(folder))
