import os
import socket

listener = socket.create_server(("127.0.0.1", 0))
address = listener.getsockname()
client = socket.create_connection(address, timeout=0.5)
connection, _ = listener.accept()

pid = os.fork()
if pid == 0:
    listener.close()
    connection.sendall(b"bye")
    connection.close()
    os._exit(0)

connection.close()  # (1)!
os.waitpid(pid, 0)
print("client:", client.recv(100))
print("client:", client.recv(100))
