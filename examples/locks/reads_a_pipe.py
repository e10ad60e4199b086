# Needs a C compiler: cc
# Needs beside it: locked_at_fork.c

import os
import signal
import subprocess

subprocess.run(
    "cc -pthread -o locked_at_fork locked_at_fork.c".split(),
    check=True,
)
program = subprocess.Popen(
    ["./locked_at_fork"], stdout=subprocess.PIPE
)
print("exit status", program.wait(), flush=True)
os.unlink("locked_at_fork")

signal.alarm(1)
print(program.stdout.read())  # (1)!
