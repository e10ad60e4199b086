import os
import socket
import threading

lock = threading.Lock()
has_lock = threading.Event()
requests = 0


def report():
    address = "127.0.0.1", int(os.environ["METRICS_PORT"])
    with lock, socket.create_connection(address) as server:
        has_lock.set()
        server.recv(1)  # (1)!


def start():
    threading.Thread(target=report, daemon=True).start()
    has_lock.wait()


def application(environ, start_response):
    global requests
    with lock:
        requests += 1
    start_response("200 OK", [])
    return [b"served"]
