# /// script
# dependencies = ["psutil"]
# ///

import os

import psutil

pids = []
for exit_code in 0, 1, 2:
    pid = os.fork()
    if pid == 0:
        os._exit(exit_code)
    pids.append(pid)

for pid in pids:
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # (1)!
    print(f"pid={pid}", psutil.Process(pid).status())

for pid in pids:
    _, status = os.waitpid(pid, 0)  # (2)!
    exit_code = os.waitstatus_to_exitcode(status)
    print(f"pid={pid} exit code {exit_code},", end=" ")
    print("still there:", psutil.pid_exists(pid))
