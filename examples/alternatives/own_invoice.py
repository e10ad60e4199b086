# --8<-- [start:library]
import fcntl
import os
import signal
import tempfile

reserved = []
os.register_at_fork(after_in_child=reserved.clear)  # (1)!


def next_number():
    try:
        return reserved.pop(0)
    except IndexError:
        pass
    with open(counter.name, "r+b", buffering=0) as file:  # (2)!
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            first = int(file.read() or 1)
            file.seek(0)
            file.write(b"%d" % (first + 10))
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)  # (3)!
    reserved.extend(range(first + 1, first + 10))
    return first
# --8<-- [end:library]


# --8<-- [start:application]
def serve():
    for worker in ("A", "B"):
        pid = os.fork()
        if pid == 0:
            signal.alarm(5)
            exit_code = 1
            try:
                print(f"worker {worker}:", next_number(), flush=True)
                exit_code = 0
            finally:
                os._exit(exit_code)
        os.waitpid(pid, 0)


with tempfile.NamedTemporaryFile() as counter:
    serve()
    print("parent:  ", next_number(), flush=True)
    serve()
# --8<-- [end:application]
