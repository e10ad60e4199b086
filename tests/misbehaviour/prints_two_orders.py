import os
import sys

for name in sorted("abcdefgh", key=lambda name: os.urandom(1)):
    print(name)
