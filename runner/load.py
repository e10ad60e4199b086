"""Other work on the machine, beside which a program must print the same."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Each ends with its parent, however that ends.
_SPIN = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Keep as many *processes* running that do nothing and never pause.

    Each has a session of its own: Linux shares out the CPUs among sessions (autogroup, sched(7)),
    so that all of one would take no more than the program beside them.
    """
    command = [sys.executable, "-S", "-c", _SPIN]
    running = [subprocess.Popen(command, start_new_session=True) for _ in range(processes)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def heavy() -> int:
    """How many of them make each program wait for its turn."""
    return 2 * (os.cpu_count() or 1)
