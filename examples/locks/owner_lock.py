# --8<-- [start:fork]
import os
import threading
import time
import weakref

POLL = 0.05  # (1)!
every_lock = weakref.WeakSet()


def take_from_the_dead(lock):
    lock.abandoned = True
    lock.owner, lock.depth = None, 0


def after_fork_in_child():
    for lock in list(every_lock):
        lock.guard = threading.Condition()  # (2)!
        if lock.owner not in (None, threading.current_thread()):
            take_from_the_dead(lock)


os.register_at_fork(after_in_child=after_fork_in_child)
# --8<-- [end:fork]


# --8<-- [start:acquire]
class OwnerLock:
    def __init__(self):
        self.abandoned = False  # (1)!
        self.owner, self.depth = None, 0
        self.guard = threading.Condition()
        every_lock.add(self)

    def acquire(self, blocking=True, timeout=-1):
        me = threading.current_thread()
        limit = timeout if blocking else 0
        end = time.monotonic() + limit
        with self.guard:
            while self.owner not in (None, me):
                is_main = self.owner is threading.main_thread()  # (2)!
                if not (is_main or self.owner.is_alive()):
                    take_from_the_dead(self)  # (3)!
                    break
                left = POLL if limit == -1 else end - time.monotonic()
                if left <= 0:
                    return False
                self.guard.wait(min(left, POLL))
            self.owner = me
            self.depth += 1
        return True
    # --8<-- [end:acquire]

    # --8<-- [start:release]
    def release(self):
        with self.guard:
            if self.owner is not threading.current_thread():
                raise RuntimeError("only its owner may release it")
            self.depth -= 1
            if self.depth == 0:
                self.owner = None
                self.guard.notify()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *error):
        self.release()


if __name__ == "__main__":
    lock = OwnerLock()
    with lock, lock:
        print("nested:", lock.depth)
    thread = threading.Thread(target=lock.acquire)
    thread.start()
    thread.join()
    print("its owner ended:", lock.acquire(timeout=5), end=" ")
    print("abandoned:", lock.abandoned)
# --8<-- [end:release]
