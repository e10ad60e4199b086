import os
import sys


def report(unraisable):  # (1)!
    name = unraisable.exc_type.__name__
    print("parent:", name, "is ignored", flush=True)


sys.unraisablehook = report
os.register_at_fork(before=sys.exit)  # (2)!

pid = os.fork()
if pid == 0:
    print("child: was born", flush=True)
    os._exit(0)
os.waitpid(pid, 0)
print("parent: goes on")
