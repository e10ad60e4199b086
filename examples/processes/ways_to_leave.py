import atexit
import os
import sys

atexit.register(os.write, 1, b"atexit ")  # (1)!
sys.excepthook = lambda *_: os.write(1, b"traceback ")

for way in "os._exit(0)", "sys.exit(0)", "1 / 0", "None":
    print(f"{way:12}| ", end="", flush=True)
    pid = os.fork()
    if pid == 0:
        print("print ", end="")  # (2)!
        try:
            eval(way)  # (3)!
            break
        finally:
            os.write(1, b"finally ")

    _, status = os.waitpid(pid, 0)
    exit_code = os.waitstatus_to_exitcode(status)
    print(f"| exit code {exit_code}", flush=True)
else:
    atexit.unregister(os.write)  # (4)!
