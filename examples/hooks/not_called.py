import ctypes
import os
import subprocess


def hook():
    os.write(1, b"    the hook ran\n")


def wait_for(pid):
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


os.register_at_fork(after_in_child=hook)

print("os.fork()", flush=True)
wait_for(os.fork())

print("subprocess.run()", flush=True)
subprocess.run(["true"])

print("fork() called in C", flush=True)
c_fork = ctypes.PyDLL(None).fork  # (1)!
wait_for(c_fork())
