# --8<-- [start:pipe]
import ctypes
import multiprocessing
import os
import pty
import signal
import subprocess

notes_fd, hook_fd = os.pipe()
os.register_at_fork(
    before=lambda: os.write(hook_fd, b"b"),  # (1)!
    after_in_parent=lambda: os.write(hook_fd, b"p"),
    after_in_child=lambda: os.write(hook_fd, b"c"),
)


def wait_for(pid):
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def pty_fork():
    pid, terminal_fd = pty.fork()
    wait_for(pid)
    os.close(terminal_fd)
# --8<-- [end:pipe]


# --8<-- [start:calls]
def multiprocessing_fork():
    context = multiprocessing.get_context("fork")
    child = context.Process(target=int)
    child.start()
    child.join()


def posix_spawn():
    wait_for(os.posix_spawn("/bin/sh", COMMAND, os.environ))


COMMAND = ["/bin/sh", "-c", ":"]
CALLS = {
    "os.fork": lambda: wait_for(os.fork()),
    "pty.fork": pty_fork,
    "multiprocessing, fork": multiprocessing_fork,
    "subprocess, preexec_fn":
        lambda: subprocess.run(COMMAND, preexec_fn=int),
    "subprocess": lambda: subprocess.run(COMMAND),
    "os.posix_spawn": posix_spawn,
    "os.system": lambda: os.system(":"),
    "fork() called in C": lambda: wait_for(c_fork()),
}
# --8<-- [end:calls]

# --8<-- [start:table]
c_fork = ctypes.PyDLL(None).fork  # (1)!
signal.alarm(20)
print(f"{'':24}before  parent  child")
for call, does in CALLS.items():
    does()
    os.write(hook_fd, b".")
    notes = os.read(notes_fd, 100).decode()
    ran = ["yes" if letter in notes else "-" for letter in "bpc"]
    print(f"{call:24}{ran[0]:8}{ran[1]:8}{ran[2]}", flush=True)
# --8<-- [end:table]
