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
        if lock.guard.acquire(blocking=False):  # (2)!
            lock.guard.release()
        else:
            lock.guard = threading.RLock()
        if lock.owner not in (None, threading.current_thread()):
            take_from_the_dead(lock)


os.register_at_fork(after_in_child=after_fork_in_child)
# --8<-- [end:fork]


# --8<-- [start:acquire]
class OwnerLock:
    def __init__(self):
        self.abandoned = False  # (1)!
        self.owner, self.depth = None, 0
        self.guard, self.bell = threading.RLock(), threading.Lock()
        every_lock.add(self)

    def take_guard(self):
        while True:
            guard = self.guard
            if guard.acquire(timeout=POLL):  # (2)!
                return guard

    def acquire(self, blocking=True, timeout=-1):
        limit = timeout if blocking else 0
        end = time.monotonic() + limit
        while not self.take():
            left = POLL if limit == -1 else end - time.monotonic()
            if left <= 0:
                return False
            self.bell.acquire(timeout=min(left, POLL))  # (3)!
        return True
    # --8<-- [end:acquire]

    # --8<-- [start:take]
    def take(self):
        me, main = threading.current_thread(), threading.main_thread()
        guard = self.take_guard()
        try:
            owner = self.owner
            dummy = isinstance(owner, threading._DummyThread)  # (1)!
            may_live = dummy or owner in (None, me, main)
            if not may_live and not owner.is_alive():
                take_from_the_dead(self)  # (2)!
            if self.owner not in (None, me):
                return False
            self.owner = me
            self.depth += 1
            return True
        finally:
            guard.release()

    def ring(self):
        try:
            self.bell.release()
        except RuntimeError:  # (3)!
            pass
    # --8<-- [end:take]

    # --8<-- [start:release]
    def release(self):
        guard = self.take_guard()
        try:
            if self.owner is not threading.current_thread():
                raise RuntimeError("only its owner may release it")
            self.depth -= 1
            if self.depth == 0:
                self.owner = None
                self.ring()
        finally:
            guard.release()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *error):
        self.release()
    # --8<-- [end:release]


# --8<-- [start:try]
if __name__ == "__main__":
    lock = OwnerLock()
    with lock, lock:
        print("nested:", lock.depth)
    thread = threading.Thread(target=lock.acquire)
    thread.start()
    thread.join()
    print("its owner ended:", lock.acquire(timeout=5), end=" ")
    print("abandoned:", lock.abandoned)
# --8<-- [end:try]
