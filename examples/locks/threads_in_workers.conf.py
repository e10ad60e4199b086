import socket
import threading


def look_up_forever():  # (1)!
    while True:
        socket.getaddrinfo("localhost", 80)


def post_fork(server, worker):  # (2)!
    thread = threading.Thread(target=look_up_forever, daemon=True)
    thread.start()
