import os
import sys

pid = os.fork()
if pid == 0:
    print(f"child: pid={os.getpid()} ppid={os.getppid()}", flush=True)
    os._exit(0)
os.waitpid(pid, 0)
print(f"parent: pid={os.getpid()} child pid={pid}")
names = sorted(name for name in os.environ if name.startswith("PYTHON"))
print("python variables:", names)
is_terminal = sys.stdout.isatty()
print("terminal:", is_terminal, "stdin:", repr(sys.stdin.read()))
