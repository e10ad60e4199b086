# --8<-- [start:code]
import os
import signal
import sys
import tempfile
import traceback


def code_of(leaving):
    if leaving.code is None:
        return 0
    if isinstance(leaving.code, int):
        return leaving.code % 256
    print(leaving.code, file=sys.stderr)
    return 1
# --8<-- [end:code]


# --8<-- [start:fork]
with tempfile.TemporaryDirectory() as folder:
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    every = signal.valid_signals()
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, every)  # (1)!
        pid = os.fork()
        if pid == 0:
            exit_code = 1
            try:
                signal.pthread_sigmask(signal.SIG_SETMASK, mask)
                try:
                    print("child: working in the folder")
                finally:
                    print(end="", flush=True)  # (2)!
                exit_code = 0
            except SystemExit as leaving:
                exit_code = code_of(leaving)  # (3)!
            except BaseException:
                traceback.print_exc()  # (4)!
            finally:
                os._exit(exit_code)  # (5)!
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    os.waitpid(pid, 0)
    print("folder exists:", os.path.exists(folder))
# --8<-- [end:fork]
