import os
import socket

listener = socket.create_server(("127.0.0.1", 0))
address = listener.getsockname()
client = socket.create_connection(address, timeout=0.5)  # (1)!
connection, _ = listener.accept()

pid = os.fork()
if pid == 0:
    connection.sendall(b"bye")
    connection.close()
    os._exit(0)

os.waitpid(pid, 0)  # (2)!
print("client:", client.recv(100))
try:
    print("client:", client.recv(100))
except TimeoutError:
    print("client: still waiting")

connection.close()  # (3)!
print("client:", client.recv(100))
