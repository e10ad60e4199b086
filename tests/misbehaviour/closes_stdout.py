import os

os.close(1)
print("nobody reads this")
