import os
import select
import signal
import socket

listener = socket.create_server(("127.0.0.1", 0), reuse_port=True)
address = listener.getsockname()

worker = os.fork()
if worker == 0:
    signal.alarm(10)
    signal.pause()

listener.close()
restarted = socket.create_server(address, reuse_port=True)  # (1)!
clients = [socket.create_connection(address) for _ in range(50)]
accepted = []
while select.select([restarted], [], [], 0.5)[0]:  # (2)!
    accepted.append(restarted.accept())
print("clients connected:", len(clients))
print("the restarted server got some:", len(accepted) > 0)
print("the restarted server got all:", len(accepted) == len(clients))

os.kill(worker, signal.SIGKILL)
os.waitpid(worker, 0)
