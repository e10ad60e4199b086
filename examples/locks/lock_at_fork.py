import faulthandler
import os
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)  # (1)!
lock = threading.Lock()
locked, forked = threading.Event(), threading.Event()


def work():
    with lock:
        locked.set()
        forked.wait()


threading.Thread(target=work).start()
locked.wait()
pid = os.fork()
if pid == 0:
    faulthandler.dump_traceback_later(1, exit=True)  # (2)!
    print("child: wants the lock", flush=True)
    lock.acquire()
    print("child: has the lock", flush=True)
    os._exit(0)

forked.set()
_, status = os.waitpid(pid, 0)
print("parent: exit code", os.waitstatus_to_exitcode(status))
