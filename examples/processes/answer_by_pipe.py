import os

reader_fd, writer_fd = os.pipe()
pid = os.fork()
if pid == 0:
    os.close(reader_fd)
    with open(writer_fd, "w") as writer:
        writer.write("42")
    os._exit(7)

os.close(writer_fd)  # (1)!
with open(reader_fd) as reader:
    answer = reader.read()
_, status = os.waitpid(pid, 0)  # (2)!
print("answer", answer)
print("wait status", status)
print("exit code", os.waitstatus_to_exitcode(status))
