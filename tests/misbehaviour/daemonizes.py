import os
import signal

reader_fd, writer_fd = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(writer_fd, b"ready")
        signal.pause()
    os._exit(0)
os.wait()
os.read(reader_fd, 5)
print("the daemon is up")
