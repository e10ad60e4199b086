import multiprocessing.resource_tracker
import socket
import threading


def look_up():
    socket.getaddrinfo("localhost", 80, flags=socket.AI_ADDRCONFIG)


def look_up_forever():
    while True:
        look_up()


if __name__ == "__main__":  # (1)!
    threading.Thread(target=look_up_forever, daemon=True).start()
    spawn = multiprocessing.get_context("spawn")
    children = [spawn.Process(target=look_up) for _ in range(5)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    codes = [child.exitcode for child in children]
    print("exit codes of the children:", *codes)
    multiprocessing.resource_tracker._resource_tracker._stop()  # (2)!
