import os

print(os.environ["NOSUCHSERVER_SOCKET"])
