import os
import socket

listener = socket.create_server(("127.0.0.1", 0))
address = listener.getsockname()
client = socket.create_connection(address, timeout=0.5)
connection, _ = listener.accept()

pid = os.fork()
if pid == 0:
    connection.sendall(b"bye")
    connection.shutdown(socket.SHUT_RDWR)  # (1)!
    os._exit(0)

os.waitpid(pid, 0)
print("client:", client.recv(100))
print("client:", client.recv(100))
try:
    connection.sendall(b"more")
except BrokenPipeError:
    print("parent: BrokenPipeError")
