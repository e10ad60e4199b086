import os
import sys

pid = os.fork()
if pid == 0:
    print(f"child: pid={os.getpid()} ppid={os.getppid()}", flush=True)
    os._exit(0)
os.waitpid(pid, 0)
print(f"parent: pid={os.getpid()} child pid={pid}")
print("python variables:", sorted(k for k in os.environ if k.startswith("PYTHON")))
print("terminal:", sys.stdout.isatty(), "stdin:", repr(sys.stdin.read()))
