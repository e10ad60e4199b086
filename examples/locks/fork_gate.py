# --8<-- [start:gate]
import os
import sys
import threading


class ForkGate:
    def __init__(self, timeout=10):
        self.timeout = timeout
        self.changed = threading.Condition()
        self.inside = {}  # (1)!
        self.forks = 0  # (2)!
        self.late = False  # (3)!
        sys.addaudithook(self.refuse)
        os.register_at_fork(
            before=self.close,
            after_in_parent=self.open,
            after_in_child=self.start_anew,
        )
    # --8<-- [end:gate]

    # --8<-- [start:readers]
    def wait_for(self, state):
        return self.changed.wait_for(state, self.timeout)

    def __enter__(self):
        me = threading.get_ident()
        with self.changed:
            nested = me in self.inside  # (1)!
            if not (nested or self.wait_for(lambda: not self.forks)):
                raise TimeoutError("a fork keeps the gate closed")
            self.inside[me] = self.inside.get(me, 0) + 1

    def __exit__(self, *error):
        me = threading.get_ident()
        with self.changed:
            self.inside[me] -= 1
            if not self.inside[me]:
                del self.inside[me]
                self.changed.notify_all()
    # --8<-- [end:readers]

    # --8<-- [start:writer]
    def refuse(self, event, arguments):
        is_fork = event in ("os.fork", "os.forkpty")
        if is_fork and threading.get_ident() in self.inside:
            raise RuntimeError("a fork from inside the gate")

    def close(self):
        me = threading.get_ident()
        with self.changed:
            self.forks += 1
            try:
                self.wait_for(lambda: self.inside.keys() <= {me})
            finally:  # (1)!
                self.late |= not self.inside.keys() <= {me}

    def open(self):
        with self.changed:
            self.forks = max(0, self.forks - 1)  # (2)!
            self.changed.notify_all()
    # --8<-- [end:writer]

    # --8<-- [start:child]
    def start_anew(self):
        me = threading.get_ident()
        self.inside = {me: self.inside[me]} if me in self.inside else {}
        self.forks = 0
        if self.changed.acquire(blocking=False):
            self.changed.notify_all()  # (1)!
            self.changed.release()
        else:
            self.changed = threading.Condition()  # (2)!
    # --8<-- [end:child]


# --8<-- [start:use]
def behind(gate, function):
    def lookup(*arguments, **options):
        with gate:
            return function(*arguments, **options)

    return lookup


if __name__ == "__main__":
    gate = ForkGate()
    gated_fork = behind(gate, os.fork)
    try:
        gated_fork()
    except RuntimeError as error:
        print("refused:", error)
# --8<-- [end:use]
