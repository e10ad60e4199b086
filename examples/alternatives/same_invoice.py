# --8<-- [start:library]
import fcntl
import os
import signal
import tempfile

reserved = []


def next_number():
    try:
        return reserved.pop(0)
    except IndexError:
        pass
    with open(counter.name, "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # (1)!
        first = int(file.read() or 1)
        file.seek(0)
        file.write(str(first + 10))
    reserved.extend(range(first + 1, first + 10))  # (2)!
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
