# Needs beside it: stand_in_database.py

import os
import signal

from stand_in_database import answer, ask, connect, stop

connection = connect()
child = os.fork()
if child == 0:
    signal.alarm(20)
    connection = connect()  # (1)!
    ask(connection, "bob")
    signal.raise_signal(signal.SIGSTOP)
    print("child asked for bob, got", answer(connection), flush=True)
    os._exit(0)

os.waitpid(child, os.WUNTRACED)
ask(connection, "alice")
print("parent asked for alice, got", answer(connection), flush=True)
os.kill(child, signal.SIGCONT)
os.waitpid(child, 0)
ask(connection, "carol")
print("parent asked for carol, got", answer(connection), flush=True)
stop()
