# --8<-- [start:hook]
import contextlib
import os
import signal
import socket
import weakref

not_for_children = weakref.WeakSet()  # (1)!


def close_in_child():
    for resource in not_for_children:
        with contextlib.suppress(OSError):
            resource.close()  # (2)!


os.register_at_fork(after_in_child=close_in_child)
# --8<-- [end:hook]

# --8<-- [start:fork]
ours, peer = socket.socketpair()
not_for_children.add(ours)
reader_fd, writer_fd = os.pipe()
signal.alarm(5)
pid = os.fork()
if pid == 0:
    try:
        signal.alarm(5)
        os.read(reader_fd, 1)  # (1)!
        print("child: descriptor", ours.fileno(), flush=True)
        os._exit(0)
    finally:
        os._exit(1)
ours.sendall(b"bye")  # (2)!
ours.close()
print("peer:", peer.recv(9), peer.recv(9), flush=True)
os.write(writer_fd, b"!")
_, status = os.waitpid(pid, 0)
print("exit code", os.waitstatus_to_exitcode(status))
# --8<-- [end:fork]
