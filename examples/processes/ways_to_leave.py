import atexit
import os
import sys

reader_fd, writer_fd = os.pipe()
atexit.register(os.write, writer_fd, b"atexit ")  # (1)!
sys.excepthook = lambda *_: os.write(writer_fd, b"traceback ")

for way in "os._exit(0)", "sys.exit(0)", "1 / 0", "None":
    pid = os.fork()
    if pid == 0:
        os.dup2(writer_fd, 1)
        print("print ", end="")  # (2)!
        os.write(writer_fd, f"{way:12}| ".encode())
        try:
            eval(way)  # (3)!
            break
        finally:
            os.write(writer_fd, b"finally ")

    _, status = os.waitpid(pid, 0)
    marks = os.read(reader_fd, 100).decode()
    exit_code = os.waitstatus_to_exitcode(status)
    print(f"{marks}| exit code {exit_code}", flush=True)  # (4)!
