import os
import sys
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)  # (1)!
threading.excepthook = lambda _: None  # (2)!


def fork_and_leave(way):
    pid = os.fork()
    if pid == 0:
        print("printed by the child", end=" ")  # (3)!
        eval(way, {"os": os, "sys": sys})
        return

    _, status = os.waitpid(pid, 0)
    exit_code = os.waitstatus_to_exitcode(status)
    print(f"{way:11} -> exit code {exit_code}", flush=True)


for way in "sys.exit(7)", "1 / 0", "None", "os._exit(7)":
    thread = threading.Thread(target=fork_and_leave, args=[way])
    thread.start()
    thread.join()
