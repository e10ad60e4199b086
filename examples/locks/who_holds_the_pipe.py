# Needs beside it: adopt_orphans.py

import os
import signal
import subprocess

import adopt_orphans

adopt_orphans.until_exit()  # (1)!
command = ["sh", "-c", "tail -f /dev/null & echo $!"]
program = subprocess.Popen(command, stdout=subprocess.PIPE)
program.wait()
orphan = int(program.stdout.readline())

link = os.readlink(f"/proc/self/fd/{program.stdout.fileno()}")
find = r"find /proc/[0-9]*/fd -lname 'pipe:\[NUMBER\]' 2>/dev/null"
find = find.replace("NUMBER", link[6:-1])  # (2)!
found = subprocess.run(find, shell=True, capture_output=True)
print(f"tail: pid={orphan}")
for path in found.stdout.decode().splitlines():
    if f"/{os.getpid()}/" not in path:  # (3)!
        print(path.replace("proc/", "proc/pid="))

os.kill(orphan, signal.SIGTERM)
program.communicate()
