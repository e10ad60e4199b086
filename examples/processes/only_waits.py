# --8<-- [start:wait]
import contextlib
import ctypes
import os
import signal
import subprocess
import time

PASSED_ON = [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT]
PASSED_ON += [signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2]


def wait_for_all():
    signals = [signal.SIGCHLD, signal.SIGTTOU, *PASSED_ON]
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # (1)!
    program = os.fork()
    if program == 0:
        os.setpgid(0, 0)
        with contextlib.suppress(OSError):
            os.tcsetpgrp(0, os.getpgrp())  # (2)!
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
        return
    while True:
        signum = signal.sigwait(signals)  # (3)!
        if signum in PASSED_ON:
            os.kill(program, signum)
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if ended[0] == program:
                code = os.waitstatus_to_exitcode(ended[1])
                os._exit(code if code >= 0 else 128 - code)
# --8<-- [end:wait]


# --8<-- [start:program]
PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # (1)!
wait_for_all()  # (2)!

outlive = "while kill -0 $$; do :; done"
helper = f"({outlive}) >/dev/null 2>&1 & echo $!; exit 3"
exit_codes, orphans = [], []
for _ in range(5):
    ended = subprocess.run(["sh", "-c", helper], stdout=subprocess.PIPE)
    exit_codes.append(ended.returncode)
    orphans.append(f"/proc/{int(ended.stdout)}")

deadline = time.monotonic() + 5  # (3)!
while any(map(os.path.exists, orphans)) and time.monotonic() < deadline:
    time.sleep(0.01)
zombies = list(filter(os.path.exists, orphans))
print("exit codes:", exit_codes, "zombies:", len(zombies))
# --8<-- [end:program]
