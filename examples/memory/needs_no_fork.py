# Needs beside it: cannot_allocate.py

import subprocess

from cannot_allocate import attempt


def call():
    return subprocess.call(
        "true", start_new_session=True, umask=0o77, cwd="/"
    )


attempt("start_new_session", call)
