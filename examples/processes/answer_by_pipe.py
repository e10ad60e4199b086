import os

reader_fd, writer_fd = os.pipe()
pid = os.fork()
if pid == 0:
    os.close(reader_fd)
    os.write(writer_fd, b"42")
    os._exit(7)

os.close(writer_fd)
answer = os.read(reader_fd, 100)  # (1)!
_, status = os.waitpid(pid, 0)
print("answer", answer.decode())
print("wait status", status)
print("exit code", os.waitstatus_to_exitcode(status))
