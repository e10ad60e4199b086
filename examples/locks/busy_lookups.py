# Needs mounts of its own: `unshare -rm true` must succeed

# --8<-- [start:place]
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
if sys.argv[-1] != "inside":
    command = ["unshare", "-rm", sys.executable, *sys.argv, "inside"]
    os.execvp("unshare", command)

given = sys.argv[1:-1]
forks = int(given[0]) if given else 50


def write_hosts(path, *addresses):
    with open(path, "r+") as hosts:  # (1)!
        for address in addresses:
            print(address, "localhost", file=hosts)
        hosts.truncate()
# --8<-- [end:place]


# --8<-- [start:forks]
def look_up_forever():
    while True:
        socket.getaddrinfo("localhost", 80)


def report(case):
    pids = []
    for _ in range(forks):
        pid = os.fork()
        if pid == 0:
            signal.alarm(3)
            socket.getaddrinfo("localhost", 80)
            os._exit(0)
        pids.append(pid)
        signal.sigtimedwait([signal.SIGCHLD], 0.05)  # (1)!
    statuses = [os.waitpid(pid, 0)[1] for pid in pids]
    hung = sum(os.WIFSIGNALED(status) for status in statuses)
    count = "more than 10" if hung > 10 else "at most 10"
    print(f"{case}: {hung if given else count} of {forks} hung")
# --8<-- [end:forks]


# --8<-- [start:cases]
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
with tempfile.NamedTemporaryFile() as hosts:
    write_hosts(hosts.name, "127.0.0.1", "::1")
    bind = ["mount", "--bind", hosts.name, "/etc/hosts"]
    subprocess.run(bind, check=True)
    socket.getaddrinfo("localhost", 80)  # (1)!
    report("0 threads, 2 addresses")
    write_hosts(hosts.name, "127.0.0.1")
    for _ in range(4):
        threading.Thread(target=look_up_forever, daemon=True).start()
    report("4 threads, 1 address")
    write_hosts(hosts.name, "127.0.0.1", "::1")
    report("4 threads, 2 addresses")
# --8<-- [end:cases]
