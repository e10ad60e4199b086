# Needs a C compiler: cc
# Needs beside it: locked_at_fork.c
# /// script
# dependencies = ["psutil"]
# ///

# --8<-- [start:run]
import ctypes
import os
import signal
import subprocess
import tempfile

import psutil

PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)  # (1)!

build = "cc -pthread -o locked_at_fork locked_at_fork.c"
subprocess.run(build.split(), check=True)
with tempfile.TemporaryFile() as output:
    program = subprocess.Popen(
        ["./locked_at_fork"],
        stdout=output,
        start_new_session=True,  # (2)!
    )
    print("exit status", program.wait())
    output.seek(0)
    print(output.read().decode(), end="")
os.unlink("locked_at_fork")
# --8<-- [end:run]

# --8<-- [start:kill]
for orphan in psutil.Process().children():  # (1)!
    print("left over, threads:", orphan.num_threads())
    os.killpg(program.pid, signal.SIGKILL)
    print("killed, exit status", orphan.wait())
# --8<-- [end:kill]
