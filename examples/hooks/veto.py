import os
import sys


def refuse(event, arguments):  # (1)!
    if event == "os.fork":
        raise RuntimeError("no fork, please")


sys.addaudithook(refuse)

try:
    pid = os.fork()
except RuntimeError as error:
    print("parent:", error)
else:
    if pid == 0:
        print("child: was born", flush=True)
        os._exit(0)
    os.waitpid(pid, 0)
