# --8<-- [start:hooks]
import os
import threading
import warnings

forked = False


def hook():
    global forked
    forked = True  # (1)!


def send(value):
    global forked
    if forked:
        forked = False
        logging.warning("child: first call after a fork")  # (2)!
    print("sent", value, flush=True)


os.register_at_fork(after_in_child=hook)

import logging  # (3)!

logging.basicConfig(format="%(message)s")
# --8<-- [end:hooks]


# --8<-- [start:rest]
def work():
    handler = logging.getLogger().handlers[0]
    handler.acquire()
    locked.set()
    released.wait()
    handler.release()


warnings.simplefilter("ignore", DeprecationWarning)
locked, released = threading.Event(), threading.Event()
threading.Thread(target=work).start()
locked.wait()

pid = os.fork()
if pid == 0:
    send(1)
    send(2)
    os._exit(0)

released.set()
os.waitpid(pid, 0)
# --8<-- [end:rest]
