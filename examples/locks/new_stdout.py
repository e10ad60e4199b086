# --8<-- [start:hold]
import logging
import os
import signal
import sys
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
handler = logging.StreamHandler(sys.stdout)
logging.getLogger().addHandler(handler)
reader_fd, pipe_fd = os.pipe()
screen_fd = os.dup(1)
os.dup2(pipe_fd, 1)


def say():
    print("x" * 1_000_000, flush=True)  # (1)!
    os.dup2(screen_fd, 1)


thread = threading.Thread(target=say)
thread.start()
os.read(reader_fd, 1)  # (2)!
# --8<-- [end:hold]

# --8<-- [start:fork]
pid = os.fork()
if pid == 0:
    signal.alarm(5)
    os.dup2(screen_fd, 1)  # (1)!
    sys.stdout = open(1, "w", closefd=False)
    handler.stream = sys.stdout  # (2)!
    print("child: prints")
    logging.error("child: logs")
    sys.exit()  # (3)!

_, status = os.waitpid(pid, 0)
os.close(pipe_fd)
while os.read(reader_fd, 65536):
    pass
thread.join()
print("parent: exit code", os.waitstatus_to_exitcode(status))
# --8<-- [end:fork]
