import os

LIMIT = 200
generation = 0
while generation < LIMIT:
    generation += 1
    if os.fork() != 0:
        break
print("one more", flush=True)
os.read(os.pipe()[0], 1)
