import os
import sys
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)  # (1)!


def fork_and_exit():
    pid = os.fork()
    if pid == 0:
        sys.exit(7)

    _, status = os.waitpid(pid, 0)
    print("exit code", os.waitstatus_to_exitcode(status))


thread = threading.Thread(target=fork_and_exit)
thread.start()
thread.join()
