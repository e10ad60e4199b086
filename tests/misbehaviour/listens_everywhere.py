import os
import socket
import time

listener = socket.socket()
listener.bind((".".join("0" * 4), 0))
listener.listen()
print("listening", flush=True)
tries = 0
while os.getppid():
    tries += 1
    if tries == 2000:
        break
    time.sleep(0.001)
