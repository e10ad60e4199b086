import os

print("late" if os.urandom(1)[0] < 26 else "in time")
