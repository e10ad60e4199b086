import os

status = os.system("exit 7")  # (1)!
print("exit code", status)
