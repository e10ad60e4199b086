import itertools
import os
import socket


def pieces(size):
    reader, writer = socket.socketpair()
    for letter in b"AB":
        if os.fork() == 0:
            reader.close()
            writer.sendall(bytes([letter]) * size)
            os._exit(0)
    writer.close()
    received = reader.makefile("rb").read()
    reader.close()
    os.wait()
    os.wait()
    return len(list(itertools.groupby(received)))  # (1)!


whole = [pieces(size=100) for _ in range(200)].count(2)
print(f"100 bytes each: whole in {whole} of 200 rounds", flush=True)
while pieces(size=1_000_000) == 2:  # (2)!
    pass
print("1,000,000 bytes each: torn", flush=True)
