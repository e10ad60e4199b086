# Needs beside it: adopt_orphans.py

import os
import signal
import subprocess

import adopt_orphans

adopt_orphans.until_exit()  # (1)!
command = ["sh", "-c", "tail -f /dev/null & echo pid=$!"]  # (2)!
program = subprocess.Popen(command, stdout=subprocess.PIPE)
print("sh: exit code", program.wait(), flush=True)
try:
    program.communicate(timeout=1)  # (3)!
except subprocess.TimeoutExpired as error:
    print("subprocess.TimeoutExpired:", error)
    print("output so far:", error.output)
    os.kill(int(error.output[4:]), signal.SIGTERM)  # (4)!
print("rest:", program.communicate())
