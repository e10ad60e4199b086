"""Runs in the image: compile its modules without docstrings, and keep few sources."""

import os
import py_compile
import sys
from fnmatch import fnmatch

PYTHON, WITH_SOURCE = sys.argv[1], sys.argv[2:]
# argparse shows docstrings of programs; these two build on docstrings or asserts of their own.
PLAIN = ("argparse.py", "_sitebuiltins.py")


def compile_below(top):
    for folder, _, files in os.walk(top):
        for file in files:
            if file.endswith(".py"):
                compile_one(top, os.path.join(folder, file))


def compile_one(top, path):
    module = os.path.relpath(path, top).removesuffix(".py")
    keeps = any(fnmatch(module, pattern) for pattern in WITH_SOURCE)
    folder, file = os.path.split(path)
    cached = f"{folder}/__pycache__/{file[:-3]}.{sys.implementation.cache_tag}.pyc"
    py_compile.compile(
        path,
        cached if keeps else f"{path}c",
        dfile=path,
        doraise=True,
        optimize=0 if file in PLAIN else 2,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not keeps:
        os.unlink(path)


compile_below(f"/usr/lib/{PYTHON}")
compile_below("/usr/lib/python3/dist-packages")
