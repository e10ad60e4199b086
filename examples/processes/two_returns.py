import os

answers = []
print(f"before: pid={os.getpid()}", flush=True)  # (1)!
pid = os.fork()  # (2)!
if pid == 0:
    answers.append(42)  # (3)!
    print(f"child: fork() returned {pid}, {answers=}", flush=True)
    os._exit(0)  # (4)!

os.waitpid(pid, 0)  # (5)!
print(f"parent: fork() returned pid={pid}, {answers=}")
