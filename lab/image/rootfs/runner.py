"""A Python that has imported what programs import, and waits to become one of them.

The leader (leader.c) starts it and passes one request on; the process that reads this line is the
process in which the reader's program runs. Nothing of it is shared with another process, so that a
program that looks at its own memory sees what it would see anywhere.
"""

import atexit
import gc
import importlib
import json
import os
import random
import signal
import sys
import threading
import traceback
import types

HOME = "/home/you"
REQUEST, OUTPUT = 3, 4  # descriptors from the leader
CTRL_C = {signal.SIGINT}

# One that comes before the program has begun waits for it.
signal.pthread_sigmask(signal.SIG_BLOCK, CTRL_C)


def warm_up():
    """Import what stands in preload.txt, and keep the collector away from it."""
    with open("/opt/preload.txt") as names:
        for name in names.read().split():
            importlib.import_module(name)
    sys.modules["psutil"].Process().memory_full_info()
    traceback.format_exc()
    gc.collect()
    gc.freeze()


def next_request():
    """Tell the leader that we wait, and wait."""
    os.write(OUTPUT, b"!")
    with open(REQUEST, "rb") as pipe:
        return json.load(pipe)


def lay_out(request):
    """Write the program, and the modules that it imports, where the reader's would be."""
    for name, text in request["files"].items():
        with open(f"{HOME}/{name}", "w", encoding="utf-8") as file:
            file.write(text)


def place_output(piped):
    """Let standard output be the terminal, as it is, or the pipe to the leader."""
    if piped:
        os.dup2(OUTPUT, 1)
        sys.stdout = sys.__stdout__ = open(1, "w", closefd=False)  # noqa: SIM115
    os.close(OUTPUT)


def new_main(path):
    """A module __main__ as `python path` would have it."""
    main = types.ModuleType("__main__")
    main.__file__ = path
    main.__builtins__ = sys.modules["builtins"]
    main.__cached__ = None
    sys.modules["__main__"] = main
    return main


def execute(main, source):
    """Run the program; its exit status, or None when it ends by Ctrl-C."""
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, CTRL_C)
        exec(compile(source, main.__file__, "exec"), main.__dict__)
    except SystemExit as end:
        flush()
        if end.code is None or isinstance(end.code, int):
            return (end.code or 0) & 0xFF
        print(end.code, file=sys.stderr)
        return 1
    except BaseException as error:
        flush()
        frames = error.__traceback__.tb_next
        sys.excepthook(type(error), error.with_traceback(frames), frames)
        return None if isinstance(error, KeyboardInterrupt) else 1
    flush()
    return 0


def flush():
    """Write what was printed; whether that could be done."""
    done = True
    for file in (sys.stdout, sys.stderr):
        try:
            file.flush()
        except OSError:
            done = False
        except (AttributeError, ValueError):  # None, or closed
            pass
    return done


def leave(main, code):
    """End as the interpreter does, but do not tear down a hundred modules: that takes seconds."""
    try:
        threading._shutdown()
        atexit._run_exitfuncs()
    except BaseException as error:
        traceback.print_exception(error.with_traceback(error.__traceback__.tb_next))
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # as in an interpreter that ends
    for name in [name for name in main.__dict__ if name != "__builtins__"]:
        main.__dict__[name] = None
    if not flush():
        code = 120
    if code is None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    os._exit(code)


def become():
    """Read a request and run it."""
    request = next_request()
    lay_out(request)
    place_output(request["pipe"])
    name, arguments = request["name"], request["argv"]
    if request["fresh"]:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, CTRL_C)
        os.execv("/usr/bin/python", ["python", name, *arguments])
    source = request["files"][name]
    random.seed()
    sys.argv = [name, *arguments]
    sys.orig_argv = ["python", *sys.argv]
    sys.path[0] = HOME
    del request
    main = new_main(f"{HOME}/{name}")
    leave(main, execute(main, source))


warm_up()
try:
    become()
except KeyboardInterrupt:  # between the program's last line and the interpreter's end
    print("KeyboardInterrupt", file=sys.stderr, flush=True)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGINT)
