import os
import sys

sys.tracebacklimit = 0  # (1)!


def refuse():
    sys.exit("no fork now")


os.register_at_fork(before=refuse)

pid = os.fork()
if pid == 0:
    print("child: was born", flush=True)
    os._exit(0)
os.waitpid(pid, 0)
print("parent: goes on")
