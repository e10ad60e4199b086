import os

print(os.environ["MEMCACHED_SOCKET"])
