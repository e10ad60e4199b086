import subprocess
import sys

events = []


def note(event, arguments):
    if event == "os.posix_spawn":
        events.append(event)


sys.addaudithook(note)
CALLS = {
    'run(["/bin/sh"], ...)': {"args": ["/bin/sh"]},
    'run(["sh"], ...)': {"args": ["sh"]},
    'run(["/bin/sh"], cwd="/")': {"args": ["/bin/sh"], "cwd": "/"},
    'run(["/bin/sh"], preexec_fn=f)':
        {"args": ["/bin/sh"], "preexec_fn": int},
}
for call, parameters in CALLS.items():
    events.clear()
    subprocess.run(
        **parameters, stdin=subprocess.DEVNULL, close_fds=False)  # (1)!
    print(f"{call:33}{'os.posix_spawn' if events else '-'}")
