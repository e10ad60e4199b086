import os
import select
import signal

reader, writer = os.pipe()
watched = select.epoll()
watched.register(reader, select.EPOLLIN)
os.write(writer, b"hello")
print("before:", len(watched.poll(0)), "event")

pid = os.fork()
if pid == 0:
    signal.alarm(20)
    watched.unregister(reader)  # (1)!
    os._exit(0)

os.waitpid(pid, 0)
print("after: ", len(watched.poll(0)), "events")
