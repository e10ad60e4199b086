import os

pid = os.fork()
if pid == 0:
    print("child", flush=True)
else:
    os.waitpid(pid, 0)
print("both of us come here", flush=True)
