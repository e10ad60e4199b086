import os
import signal
import socket
import sys
import timeit

near, far = socket.socketpair()
pid = os.fork()
if pid == 0:
    signal.alarm(20)
    near.close()
    while question := far.recv(9):
        far.sendall(question)
    os._exit(0)

times = {}
for code in "pid != os.getpid()", "near.send(b'?'); near.recv(9)":
    rounds = timeit.Timer(code, globals=globals()).repeat(25, 200)
    times[code] = min(rounds) / 200 * 1e9  # (1)!
check, exchange = times.values()
print("check < exchange / 5:", check < exchange / 5)
if "figures" in sys.argv:
    print(f"check {check:.0f} ns, exchange {exchange:.0f} ns")
near.close()
os.waitpid(pid, 0)
