import functools
import os

called = []


def note(words):
    return functools.partial(called.append, words)


for name in "AB":  # (1)!
    os.register_at_fork(
        before=note(f"before {name}"),
        after_in_parent=note(f"parent {name}"),
        after_in_child=note(f"child {name}"),
    )

pid = os.fork()
if pid == 0:
    print("child: ", *called, sep="  ", flush=True)
    os._exit(0)
os.waitpid(pid, 0)
print("parent:", *called, sep="  ")
