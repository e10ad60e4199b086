import multiprocessing.resource_tracker
import signal
import threading
from concurrent.futures import ProcessPoolExecutor

lock = threading.Lock()


def work(number):
    with lock:
        return number * number


if __name__ == "__main__":
    signal.alarm(30)
    spawn = multiprocessing.get_context("spawn")
    with lock, ProcessPoolExecutor(2, mp_context=spawn) as pool:
        print(*pool.map(work, [1, 2, 3]))
    multiprocessing.resource_tracker._resource_tracker._stop()  # (1)!
