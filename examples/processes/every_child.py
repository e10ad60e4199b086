# --8<-- [start:reap]
import os
import signal
import time

exit_codes = {}


def reap(signum, frame):
    for pid in list(exit_codes):  # (1)!
        if exit_codes[pid] is None:
            try:
                done, status = os.waitpid(pid, os.WNOHANG)  # (2)!
            except ChildProcessError:
                continue  # (3)!
            if done:
                exit_codes[pid] = os.waitstatus_to_exitcode(status)
# --8<-- [end:reap]


# --8<-- [start:children]
signal.signal(signal.SIGCHLD, reap)
every = signal.valid_signals()
for _ in range(32):
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, every)  # (1)!
        pid = os.fork()
        if pid == 0:
            os._exit(7)
        exit_codes[pid] = None
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)

while None in exit_codes.values():
    time.sleep(0.01)  # (2)!
found = list(exit_codes.values())
print("children:", len(found), "with exit code 7:", found.count(7))
# --8<-- [end:children]
