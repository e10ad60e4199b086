import os

print(os.environ["MYSQL_UNIX_PORT"])
