# --8<-- [start:thread]
import os
import signal
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
started, end = threading.Event(), threading.Event()


def work():
    try:
        started.set()
        end.wait()
    finally:
        print("finally: runs", flush=True)
# --8<-- [end:thread]


# --8<-- [start:fork]
thread = threading.Thread(target=work, name="worker")
thread.start()
started.wait()
pid = os.fork()
if pid == 0:
    signal.alarm(5)
    thread.join()  # (1)!
    print("child: joined, alive:", thread.is_alive(), flush=True)
    os._exit(0)
os.waitpid(pid, 0)
end.set()
# --8<-- [end:fork]
