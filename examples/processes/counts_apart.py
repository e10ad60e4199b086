import os

hits = 0


def serve(count):
    global hits
    for _ in range(count):
        hits += 1
    print(f"worker pid={os.getpid()} hits={hits}", flush=True)


print(f"parent pid={os.getpid()} hits={hits}", flush=True)
for count in 3, 1:
    pid = os.fork()
    if pid == 0:
        serve(count)
        os._exit(0)
    os.waitpid(pid, 0)
print(f"parent pid={os.getpid()} hits={hits}")
