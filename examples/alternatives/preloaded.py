# Needs beside it: metrics.py

# --8<-- [start:child]
import multiprocessing.forkserver
import os
import signal

import metrics

context = multiprocessing.get_context("forkserver")


def work(answers):
    signal.alarm(30)
    socket = os.fstat(metrics.connection.fileno()).st_ino
    answers.send((metrics.gets_lock(), socket))
# --8<-- [end:child]


# --8<-- [start:parent]
def start_two():
    signal.alarm(60)
    reader, answers = context.Pipe(duplex=False)
    children = [
        context.Process(target=work, args=[answers]) for _ in "AB"
    ]
    for child in children:
        child.start()
    results = [reader.recv() for _ in children]
    for child in children:
        child.join()
    locks, sockets = zip(*results, strict=True)
    print("lock:", *locks, "- sockets:", len(set(sockets)))
    multiprocessing.forkserver._forkserver._stop()  # (1)!
    multiprocessing.resource_tracker._resource_tracker._stop()


if __name__ == "__main__":
    context.set_forkserver_preload(["metrics"])  # (2)!
    start_two()
# --8<-- [end:parent]
