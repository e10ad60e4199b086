# --8<-- [start:hook]
import importlib
import os
import sys
import weakref

clients = weakref.WeakSet()  # (1)!


class Client:
    def __init__(self):
        self.connection = "open"
        clients.add(self)

    def forget(self):
        self.connection = None


def after_fork():
    for client in list(clients):
        client.forget()


os.register_at_fork(after_in_child=after_fork)
if "uwsgi" in sys.modules:  # (2)!
    decorators = importlib.import_module("uwsgidecorators")
    decorators.postfork(after_fork)
# --8<-- [end:hook]


# --8<-- [start:run]
if __name__ == "__main__":
    client = Client()
    pid = os.fork()
    if pid == 0:
        print("child:", client.connection, flush=True)
        os._exit(0)
    os.waitpid(pid, 0)
    print("parent:", client.connection)
# --8<-- [end:run]
