import os
import signal

exit_codes = {}


def reap(signum, frame):
    for pid in exit_codes:  # (1)!
        if exit_codes[pid] is None:
            done, status = os.waitpid(pid, os.WNOHANG)  # (2)!
            if done:
                exit_codes[pid] = os.waitstatus_to_exitcode(status)


signal.signal(signal.SIGCHLD, reap)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])  # (3)!
for _ in range(3):
    pid = os.fork()
    if pid == 0:
        os._exit(7)
    exit_codes[pid] = None
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])

print("exit codes:", list(exit_codes.values()))
