import os
import sys

NEW_PROGRAM = """
import os, sys
try:
    os.write(int(sys.argv[1]), b"a result")
except OSError as error:
    print("new program:", error)
"""

reader_fd, writer_fd = os.pipe()
pid = os.fork()
if pid == 0:
    print("child: starting the new program")  # (1)!
    command = [sys.executable, "-c", NEW_PROGRAM, str(writer_fd)]
    os.execv(sys.executable, command)  # (2)!

os.waitpid(pid, 0)
os.close(writer_fd)
print("parent read:", os.read(reader_fd, 100))
