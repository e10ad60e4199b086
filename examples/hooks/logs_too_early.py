# --8<-- [start:hooks]
import importlib
import linecache
import os
import signal
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)


def watch():
    signal.signal(signal.SIGALRM, tell)
    signal.alarm(1)


def hook():
    logging.warning("the hook logs")


os.register_at_fork(after_in_child=watch)  # (1)!
os.register_at_fork(after_in_child=hook)  # (2)!

logging = importlib.import_module("logging")  # (3)!
# --8<-- [end:hooks]


# --8<-- [start:tell]
def tell(number, frame):  # (1)!
    while frame:
        if frame.f_code.co_filename == __file__:
            line = linecache.getline(__file__, frame.f_lineno)
            print("child: still in", line.strip(), flush=True)
        frame = frame.f_back
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


def work():
    handler = logging.getLogger().handlers[0]
    handler.acquire()  # (2)!
    locked.set()
    forked.wait()
    handler.release()
# --8<-- [end:tell]


# --8<-- [start:fork]
logging.basicConfig(format="child: %(message)s")
locked, forked = threading.Event(), threading.Event()
threading.Thread(target=work).start()
locked.wait()

pid = os.fork()
if pid == 0:
    print("child: os.fork() has returned", flush=True)
    os._exit(0)

forked.set()
_, status = os.waitpid(pid, 0)
code = os.waitstatus_to_exitcode(status)
print("parent: exit code", code, flush=True)
if code < 0:
    signal.raise_signal(-code)  # (1)!
# --8<-- [end:fork]
