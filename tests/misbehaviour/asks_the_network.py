import os
import socket
import time

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    client.connect((".".join(["192", "0", "2", "1"]), 9))
except OSError:
    pass
print("content", flush=True)
tries = 0
while os.getppid():
    tries += 1
    if tries == 2000:
        break
    time.sleep(0.001)
