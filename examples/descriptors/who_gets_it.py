# --8<-- [start:look]
import ctypes
import os
import shlex
import socket
import subprocess
import sys


def look(descriptors):
    words = []
    for fd in descriptors:
        try:
            os.fstat(fd)
        except OSError:  # (1)!
            words.append("-")
        else:
            words.append("open")
    print("{:9}{:13}{}".format(*words), flush=True)


if len(sys.argv) > 1:  # (2)!
    look([int(argument) for argument in sys.argv[1:]])
    sys.exit()
# --8<-- [end:look]

# --8<-- [start:calls]
ours = socket.socket()
handed_on = socket.socket()
handed_on.set_inheritable(True)
c_fd = ctypes.CDLL(None).open(b"/dev/null", os.O_RDONLY)  # (1)!
DESCRIPTORS = [ours.fileno(), handed_on.fileno(), c_fd]
COMMAND = [sys.executable, __file__, *map(str, DESCRIPTORS)]


def in_child(task):
    pid = os.fork()
    if pid == 0:
        try:
            task()
            os._exit(0)
        finally:
            os._exit(1)
    os.waitpid(pid, 0)


def posix_spawn():
    pid = os.posix_spawn(sys.executable, COMMAND, os.environ)
    os.waitpid(pid, 0)
# --8<-- [end:calls]


# --8<-- [start:table]
def subprocess_run(**options):
    return lambda: subprocess.run(COMMAND, **options)


WAYS = {
    "fork": lambda: in_child(lambda: look(DESCRIPTORS)),
    "fork + exec":
        lambda: in_child(lambda: os.execv(COMMAND[0], COMMAND)),
    "os.posix_spawn": posix_spawn,
    "os.system": lambda: os.system(shlex.join(COMMAND)),
    "subprocess": subprocess_run(),
    "subprocess, close_fds=False": subprocess_run(close_fds=False),
    "subprocess, pass_fds=[default]":
        subprocess_run(pass_fds=[ours.fileno()]),
}
print(f"{'':32}default  inheritable  opened in C")
for way, start in WAYS.items():
    print(f"{way:32}", end="", flush=True)  # (1)!
    start()
print("inheritable by default, afterwards:", ours.get_inheritable())
# --8<-- [end:table]
