import os
import signal
import subprocess
import sys

NEW_PROGRAM = """
import os, sys
os.write(int(sys.argv[1]), b"a result")
"""

signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # (1)!
reader_fd, writer_fd = os.pipe()
command = [sys.executable, "-c", NEW_PROGRAM, str(writer_fd)]
subprocess.run(command, check=True, pass_fds=[writer_fd])
os.close(writer_fd)
print("parent read:", os.read(reader_fd, 100))
