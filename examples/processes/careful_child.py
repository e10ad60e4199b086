# --8<-- [start:child]
import os
import signal
import sys
import tempfile
import traceback


def run_and_exit(work, mask):
    exit_code = 1
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        try:
            work()
        finally:
            print(end="", flush=True)  # (1)!
        exit_code = 0
    except SystemExit as leaving:  # (2)!
        if leaving.code is None:
            exit_code = 0
        elif isinstance(leaving.code, int):
            exit_code = leaving.code % 256
        else:
            print(leaving.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()  # (3)!
    finally:
        os._exit(exit_code)  # (4)!
# --8<-- [end:child]


# --8<-- [start:start]
def start(work):
    print(end="", flush=True)  # (1)!
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    every = signal.valid_signals()
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, every)  # (2)!
        pid = os.fork()
        if pid == 0:
            run_and_exit(work, mask)
        return pid
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
# --8<-- [end:start]


# --8<-- [start:work]
def work():
    print("child: working in the directory")


with tempfile.TemporaryDirectory() as directory:
    os.waitpid(start(work), 0)
    print("directory exists:", os.path.exists(directory))
# --8<-- [end:work]
