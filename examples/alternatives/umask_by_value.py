import subprocess
import threading

settings = {"umask": 0o077}
settings_lock = threading.Lock()
locked, asked = threading.Event(), threading.Event()


def other_thread():
    with settings_lock:
        locked.set()
        asked.wait()


threading.Thread(target=other_thread).start()
locked.wait()
asked.set()
with settings_lock:  # (1)!
    umask = settings["umask"]
child = subprocess.run("umask", shell=True, umask=umask)
print("returncode", child.returncode)
