# Needs beside it: stand_in_database.py

import os
import signal

from stand_in_database import connect, stop


def ask(name):
    connection.write(f"{name}\n".encode())


def answer():
    return connection.readline().decode().strip()


connection = connect()
child = os.fork()
if child == 0:
    signal.alarm(20)
    connection = connect()  # (1)!
    ask("bob")
    signal.raise_signal(signal.SIGSTOP)
    print("child asked for bob, got", answer(), flush=True)
    os._exit(0)

os.waitpid(child, os.WUNTRACED)
ask("alice")
print("parent asked for alice, got", answer(), flush=True)
os.kill(child, signal.SIGCONT)
os.waitpid(child, 0)
ask("carol")
print("parent asked for carol, got", answer(), flush=True)
stop()
