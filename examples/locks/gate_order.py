# Needs beside it: fork_gate.py

# --8<-- [start:threads]
import os
import signal
import threading
import time
import warnings

from fork_gate import ForkGate

warnings.simplefilter("ignore", DeprecationWarning)
inside = threading.Event()
wants_in = threading.Event()


def say(event):
    print(event, flush=True)


def lookup_a():
    with gate:
        say("A starts")
        inside.set()
        wants_in.wait()
        say("A ends")
# --8<-- [end:threads]


# --8<-- [start:hooks]
def lookup_b():
    while not gate.forks:  # (1)!
        time.sleep(0.01)
    wants_in.set()
    with gate:
        say("B starts")
        say("B ends")


os.register_at_fork(after_in_parent=lambda: say("fork done"))
gate = ForkGate()
os.register_at_fork(before=lambda: say("fork asked"))  # (2)!
# --8<-- [end:hooks]


# --8<-- [start:fork]
threads = [
    threading.Thread(target=lookup_a),
    threading.Thread(target=lookup_b),
]
for thread in threads:
    thread.start()
inside.wait()
pid = os.fork()
if pid == 0:
    signal.alarm(5)
    with gate:
        os._exit(len(gate.inside) - 1)

for thread in threads:
    thread.join()
_, status = os.waitpid(pid, 0)
print("child's exit code:", os.waitstatus_to_exitcode(status))
# --8<-- [end:fork]
