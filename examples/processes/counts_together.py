import multiprocessing
import os

context = multiprocessing.get_context("fork")
hits = context.Value("q", 0)  # (1)!


def serve(count):
    for _ in range(count):
        with hits.get_lock():  # (2)!
            hits.value += 1
    print(f"worker pid={os.getpid()} hits={hits.value}", flush=True)


print(f"parent pid={os.getpid()} hits={hits.value}", flush=True)
for count in 3, 1:
    pid = os.fork()
    if pid == 0:
        serve(count)
        os._exit(0)
    os.waitpid(pid, 0)
print(f"parent pid={os.getpid()} hits={hits.value}")
