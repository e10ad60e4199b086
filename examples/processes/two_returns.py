import os

answers = []
print(f"before: pid={os.getpid()}", flush=True)
pid = os.fork()  # (1)!
if pid == 0:
    answers.append(42)  # (2)!
    print(f"child: fork() returned {pid}, {answers=}", flush=True)
    os._exit(0)  # (3)!

os.waitpid(pid, 0)  # (4)!
print(f"parent: fork() returned pid={pid}, {answers=}")
