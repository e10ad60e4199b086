import os
import subprocess
import sys

NEW_PROGRAM = """
import sys
with open(int(sys.argv[1]), "w") as pipe:
    pipe.write("a result " * 20_000)
"""

reader_fd, writer_fd = os.pipe()
command = [sys.executable, "-c", NEW_PROGRAM, str(writer_fd)]
with open(reader_fd, "rb") as reader:
    try:
        process = subprocess.Popen(command, pass_fds=[writer_fd])
    finally:
        os.close(writer_fd)  # (1)!
    result = reader.read()  # (2)!
exit_code = process.wait()
print("parent read:", len(result), "bytes, exit code", exit_code)
