import os
import time

running = set()
exit_codes = []


def start_job(exit_code):
    pid = os.fork()
    if pid == 0:
        os._exit(exit_code)  # (1)!
    running.add(pid)


def reap_ended():
    for pid in list(running):
        ended, status = os.waitpid(pid, os.WNOHANG)  # (2)!
        if ended:
            running.remove(pid)  # (3)!
            exit_codes.append(os.waitstatus_to_exitcode(status))


for exit_code in 0, 1, 2:
    start_job(exit_code)
while running:
    time.sleep(0.01)  # (4)!
    reap_ended()
print("exit codes:", sorted(exit_codes))
