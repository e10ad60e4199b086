import os
import signal
import tempfile

names = tempfile.NamedTemporaryFile()
names.write(b"alice\nbob\ncarol\n")
names.seek(0)

pid = os.fork()
if pid == 0:
    signal.alarm(20)
    with open(names.name, "rb") as own:  # (1)!
        print("child reads ", own.readline(), flush=True)
    os._exit(0)

os.waitpid(pid, 0)
print("parent reads", names.readline())
