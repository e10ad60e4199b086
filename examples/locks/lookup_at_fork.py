# Needs mounts of its own: `unshare -rm true` must succeed

# --8<-- [start:place]
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
if sys.argv[1:] != ["inside"]:
    command = ["unshare", "-rm", sys.executable, __file__, "inside"]
    os.execvp("unshare", command)  # (1)!


def look_up(who):
    found = socket.getaddrinfo("localhost", 80, socket.AF_INET)
    print(f"{who}: localhost is {found[0][4][0]}", flush=True)
# --8<-- [end:place]


# --8<-- [start:stop]
signal.alarm(5)
ready_fd, go_fd = os.pipe()
with tempfile.TemporaryDirectory() as folder:
    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo)
    bind = ["mount", "--bind", fifo, "/etc/resolv.conf"]
    subprocess.run(bind, check=True)
    worker = threading.Thread(target=look_up, args=["worker"])
    worker.start()
    writer_fd = os.open(fifo, os.O_WRONLY)  # (1)!
# --8<-- [end:stop]

# --8<-- [start:fork]
pid = os.fork()
if pid == 0:
    signal.alarm(5)
    os.close(writer_fd)  # (1)!
    os.read(ready_fd, 1)
    signal.alarm(2)
    look_up("child")
    os._exit(0)

os.write(writer_fd, b"nameserver 127.0.0.1\n")
os.close(writer_fd)
worker.join()  # (2)!
unmount = ["umount", "--lazy", "/etc/resolv.conf"]
subprocess.run(unmount, check=True)
look_up("parent")
os.write(go_fd, b"!")  # (3)!
_, status = os.waitpid(pid, 0)
print("child killed by", signal.Signals(os.WTERMSIG(status)).name)
# --8<-- [end:fork]
