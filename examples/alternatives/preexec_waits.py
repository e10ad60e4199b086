# --8<-- [start:settings]
import os
import signal
import subprocess
import threading

settings = {"umask": 0o077}
settings_lock = threading.Lock()
locked, asked = threading.Event(), threading.Event()


def other_thread():
    with settings_lock:
        locked.set()
        asked.wait()  # (1)!


def set_umask():
    signal.alarm(1)  # (2)!
    asked.set()
    with settings_lock:
        os.umask(settings["umask"])
# --8<-- [end:settings]


# --8<-- [start:run]
threading.Thread(target=other_thread).start()
locked.wait()
child = subprocess.run("umask", shell=True, preexec_fn=set_umask)
print("returncode", child.returncode)
asked.set()
# --8<-- [end:run]
