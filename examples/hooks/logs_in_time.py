# --8<-- [start:hooks]
import logging  # (1)!
import os
import signal
import threading
import warnings


def hook():
    signal.alarm(2)
    logging.warning("child: the hook logs")


os.register_at_fork(after_in_child=hook)
logging.basicConfig(format="%(message)s")
# --8<-- [end:hooks]


# --8<-- [start:rest]
def work():
    handler = logging.getLogger().handlers[0]
    handler.acquire()
    locked.set()
    forked.wait()
    handler.release()


warnings.simplefilter("ignore", DeprecationWarning)
locked, forked = threading.Event(), threading.Event()
threading.Thread(target=work).start()
locked.wait()

pid = os.fork()
if pid == 0:
    print("child: os.fork() has returned", flush=True)
    os._exit(0)

forked.set()
os.waitpid(pid, 0)
# --8<-- [end:rest]
