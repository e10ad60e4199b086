import os

path = os.path.join(os.path.dirname(os.getcwd()), "notes.txt")
open(path, "w").close()
print("written")
