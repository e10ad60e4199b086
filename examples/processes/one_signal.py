import os
import signal

exit_codes = []


def reap(signum, frame):
    pid, status = os.waitpid(-1, os.WNOHANG)
    exit_codes.append(os.waitstatus_to_exitcode(status))


signal.signal(signal.SIGCHLD, reap)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])  # (1)!
for _ in range(3):
    pid = os.fork()
    if pid == 0:
        os._exit(7)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])  # (2)!

print("children: 3, reaped by the handler:", len(exit_codes))
while len(exit_codes) < 3:
    reap(None, None)  # (3)!
