# --8<-- [start:hooks]
import os
import signal


def hook():
    signal.alarm(2)  # (1)!
    logging.warning("child: the hook logs")


os.register_at_fork(after_in_child=hook)

import logging  # (2)!

logging.basicConfig(format="%(message)s")
# --8<-- [end:hooks]

# --8<-- [start:thread]
import faulthandler
import linecache
import re
import tempfile
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)


def work():
    handler = logging.getLogger().handlers[0]
    handler.acquire()  # (1)!
    locked.set()
    forked.wait()
    handler.release()


locked, forked = threading.Event(), threading.Event()
threading.Thread(target=work).start()
locked.wait()
# --8<-- [end:thread]

# --8<-- [start:report]
report = tempfile.TemporaryFile("w+")
faulthandler.register(signal.SIGALRM, report, chain=True)  # (1)!


def print_report():
    report.seek(0)
    for line in report:
        frame = re.search(r'"(.*)", line (\d+) in (.*)', line)
        if frame and frame[1] == __file__:  # (2)!
            code = linecache.getline(__file__, int(frame[2]))
            print("child: in", frame[3] + ":", code.strip())
# --8<-- [end:report]


# --8<-- [start:fork]
pid = os.fork()
if pid == 0:
    print("child: os.fork() has returned", flush=True)
    os._exit(0)

forked.set()
_, status = os.waitpid(pid, 0)
print_report()
code = os.waitstatus_to_exitcode(status)
print("parent: the child's exit code is", code, flush=True)
if code < 0:
    signal.raise_signal(-code)  # (1)!
# --8<-- [end:fork]
