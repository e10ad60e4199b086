import os
import signal

signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])

pid = os.posix_spawnp(
    "sh",
    ["sh", "-c", "kill -TERM $$; echo SIGTERM had no effect"],
    os.environ,
    setsigdef=[signal.SIGTERM, signal.SIGPIPE, signal.SIGXFSZ],  # (1)!
    setsigmask=[],  # (2)!
)
_, status = os.waitpid(pid, 0)
print("exit code:", os.waitstatus_to_exitcode(status))
