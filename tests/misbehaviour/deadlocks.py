import os

reader_fd, writer_fd = os.pipe()
pid = os.fork()
print("waiting", flush=True)
os.read(reader_fd, 1)
