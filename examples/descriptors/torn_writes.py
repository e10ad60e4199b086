# --8<-- [start:write]
import itertools
import os
import signal
import socket
import sys
import traceback


def write(letter, size, reader, writer):
    exit_code = 1
    try:
        signal.alarm(20)
        reader.close()
        writer.sendall(bytes([letter]) * size)
        exit_code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(exit_code)
# --8<-- [end:write]


# --8<-- [start:read]
def pieces(size):
    reader, writer = socket.socketpair()
    pids = []
    for letter in b"AB":
        pid = os.fork()
        if pid == 0:
            write(letter, size, reader, writer)
        pids.append(pid)
    writer.close()
    with reader, reader.makefile("rb") as stream:
        received = stream.read()
    if [os.waitpid(pid, 0)[1] for pid in pids] != [0, 0]:
        sys.exit("a writer failed")
    return len(list(itertools.groupby(received)))  # (1)!


whole = [pieces(size=100) for _ in range(200)].count(2)
print(f"100 bytes each: whole in {whole} of 200 rounds", flush=True)
torn = any(pieces(size=1_000_000) > 2 for _ in range(100))  # (2)!
print("1,000,000 bytes each:", "torn" if torn else "whole", flush=True)
# --8<-- [end:read]
