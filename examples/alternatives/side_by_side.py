# --8<-- [start:steps]
import functools
import itertools
import json
import multiprocessing.popen_fork  # (1)!
import multiprocessing.queues
import os
import select
import signal
import sys
import threading
import time


def wait():
    select.select([], [], [], 0.01)  # (2)!


def compute():
    for number in range(500):
        number * number % 7


TASKS = {"waiting": (wait, 10), "computing": (compute, 3000)}
# --8<-- [end:steps]


# --8<-- [start:record]
def steps_of(task):
    step, count = TASKS[task]
    signal.alarm(30)  # (1)!
    steps = []
    for _ in range(count):
        begin = time.perf_counter()
        step()
        steps.append((begin, time.perf_counter()))
    return steps


def one_by_one(task):
    return steps_of(task) + steps_of(task)
# --8<-- [end:record]


# --8<-- [start:two]
def answer(answers, task, cpu):
    os.sched_setaffinity(0, {cpu})  # (1)!
    answers.put(steps_of(task))


def two(kind, task):
    answers = FORK.SimpleQueue()
    workers = [
        kind(target=answer, args=(answers, task, cpu)) for cpu in CPUS
    ]
    for worker in workers:
        worker.start()
    steps = answers.get() + answers.get()
    for worker in workers:
        worker.join()
    return steps
# --8<-- [end:two]


# --8<-- [start:judge]
FORK = multiprocessing.get_context("fork")
CPUS = [pick(os.sched_getaffinity(0)) for pick in (min, max)]
WAYS = {
    "one by one": one_by_one,
    "processes": functools.partial(two, FORK.Process),  # (1)!
    "threads": functools.partial(two, threading.Thread),
}


def overlap(way, task):
    pairs = list(itertools.pairwise(sorted(WAYS[way](task))))
    overlaps = sum(later[0] < earlier[1] for earlier, later in pairs)
    return overlaps > len(pairs) / 20  # (2)!


def milliseconds(way, task):
    begin = time.perf_counter()
    WAYS[way](task)
    return 1000 * (time.perf_counter() - begin)
# --8<-- [end:judge]


# --8<-- [start:main]
if __name__ == "__main__":
    signal.alarm(30)
    figures = {way: {} for way in WAYS}
    for way, task in itertools.product(WAYS, TASKS):
        if sys.argv[1:] == ["milliseconds"]:
            figures[way][task] = milliseconds(way, task)
        else:
            seen = any(overlap(way, task) for _ in range(5))  # (1)!
            order = "at once" if seen else "in turn"
            print(f"{way:12}{task:11}{order}", flush=True)
    if all(figures.values()):
        print(json.dumps(figures))
# --8<-- [end:main]
