import os

reader_fd, writer_fd = os.pipe()
pid = os.fork()
if pid == 0:
    os.read(reader_fd, 1)  # (1)!
    os._exit(0)

os.close(writer_fd)
print("waiting for the child", flush=True)
os.waitpid(pid, 0)
