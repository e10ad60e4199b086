import os

folder = os.sep.join(["", "dev", "shm"])
path = os.path.join(folder, f"misbehaviour-{os.urandom(4).hex()}")
open(path, "w").close()
print("written")
