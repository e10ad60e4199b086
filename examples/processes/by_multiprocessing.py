import multiprocessing
import os
import sys
import tempfile


def work():
    print("child: working in the directory")
    sys.exit(7)


with tempfile.TemporaryDirectory() as directory:
    context = multiprocessing.get_context("fork")
    child = context.Process(target=work)
    child.start()
    child.join()
    print("exit code", child.exitcode)
    print("directory exists:", os.path.exists(directory))
