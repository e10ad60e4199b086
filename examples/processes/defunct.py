import os
import subprocess

commands = [subprocess.Popen(["true"]) for _ in range(2)]
for command in commands:
    os.waitid(os.P_PID, command.pid, os.WEXITED | os.WNOWAIT)

print(f"this program: pid={os.getpid()}", flush=True)
ps = "ps -eo pid=,ppid=,stat=,comm="
zombies = f"$2 == {os.getpid()} && $3 ~ /^Z/"  # (1)!
columns = '{print "pid=" $1, "ppid=" $2, $4}'
subprocess.run(f"{ps} | awk '{zombies} {columns}'", shell=True)

for command in commands:
    command.wait()
