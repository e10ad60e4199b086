import queue
import socket
import threading

lock = threading.Lock()
locked, asked = threading.Event(), queue.SimpleQueue()
connection = socket.socket()


def send():
    with lock:
        locked.set()
        asked.get()  # (1)!


def gets_lock():
    asked.put("please")
    return lock.acquire(timeout=3)


threading.Thread(target=send, daemon=True).start()
locked.wait()
if __name__ == "__main__":
    print("lock:", gets_lock())
