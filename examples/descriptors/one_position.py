import os
import signal
import tempfile

names = tempfile.NamedTemporaryFile()
names.write(b"alice\nbob\ncarol\n")
names.seek(0)  # (1)!

pid = os.fork()
if pid == 0:
    signal.alarm(20)
    print("child reads ", names.readline(), flush=True)
    os._exit(0)

os.waitpid(pid, 0)
print("parent reads", names.readline())
