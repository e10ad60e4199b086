# --8<-- [start:child]
import os
import signal
import sys
import traceback

NEW_PROGRAM = """
import sys
with open(int(sys.argv[1]), "w") as pipe:
    pipe.write("a result " * 20_000)
"""

reader_fd, writer_fd = os.pipe()
command = [sys.executable, "-c", NEW_PROGRAM, str(writer_fd)]
sys.stdout.flush()  # (1)!
pid = os.fork()
if pid == 0:
    try:
        print("child: starting the new program", flush=True)
        os.set_inheritable(writer_fd, True)  # (2)!
        for number in signal.SIGPIPE, signal.SIGXFSZ:
            signal.signal(number, signal.SIG_DFL)  # (3)!
        os.execv(sys.executable, command)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(127)  # (4)!
# --8<-- [end:child]

# --8<-- [start:parent]
os.close(writer_fd)
with open(reader_fd, "rb") as reader:
    result = reader.read()
_, status = os.waitpid(pid, 0)
exit_code = os.waitstatus_to_exitcode(status)
print("parent read:", len(result), "bytes, exit code", exit_code)
# --8<-- [end:parent]
