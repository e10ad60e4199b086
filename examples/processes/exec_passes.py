import os
import sys
import traceback

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
    try:
        print("child: starting the new program", flush=True)
        os.set_inheritable(writer_fd, True)  # (1)!
        command = ["python", "-c", NEW_PROGRAM, str(writer_fd)]
        os.execv(sys.executable, command)
    except OSError:
        traceback.print_exc()
    finally:
        os._exit(127)  # (2)!

os.waitpid(pid, 0)
os.close(writer_fd)
print("parent read:", os.read(reader_fd, 100))
