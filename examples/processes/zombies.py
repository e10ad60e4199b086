# /// script
# dependencies = ["psutil"]
# ///

import os

import psutil

pid = os.fork()
if pid == 0:
    os._exit(0)

os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # (1)!
print(f"child pid={pid} has exited:", psutil.Process(pid).status())

_, status = os.waitpid(pid, 0)  # (2)!
print("exit code:", os.waitstatus_to_exitcode(status))
print(f"child pid={pid} exists:", psutil.pid_exists(pid))
