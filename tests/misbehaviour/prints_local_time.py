import time

print(time.strftime("%H o'clock", time.localtime(0)))
