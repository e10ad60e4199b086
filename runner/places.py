"""Files in other places than the program's own folder and $TMPDIR, where nobody removes them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from .source import Fault, Source

# Where shm_open(3) and sem_open(3) put their names. What goes to /tmp is seen in the source: it
# takes a literal path, since tempfile follows $TMPDIR, and others of this machine write there, too.
_SHARED_MEMORY = Path("/dev/shm")
_ELSEWHERE = re.compile(
    r"(?<![\w.])(?:/(?:tmp|var|run|home|root|opt|srv|mnt|dev/shm|dev/mqueue)(?![\w-])"
    r"|~\w*/|\.\.(?:/|\Z))"
)
_NAMED = re.compile(r"\b(shm_open|sem_open|mq_open)\b")


def place_faults(source: Source) -> Iterator[Fault]:
    """Literal paths that lead out of the folder in which the program runs."""
    for line, text in source.strings:
        if _ELSEWHERE.search(text):
            yield (
                line,
                f"{text!r} is a place that this program shares with others, and leaves its files "
                "in: make them by tempfile, which follows $TMPDIR, or in the folder it runs in",
            )
    for line, text in source.lines:
        if (found := _NAMED.search(text)) and "unlink" not in source.text:
            yield line, f"{found[1]} without unlink leaves a name behind: unlink it when it is open"


def shared_memory() -> set[Path]:
    """Every name of shared memory and semaphores on this machine; browsers hide theirs by a dot."""
    return set(_SHARED_MEMORY.glob("[!.]*"))


def left_each_time(first: set[Path], second: set[Path]) -> list[Path]:
    """Of what came during two runs that which the program left, not somebody else meanwhile.

    It is still there after the second run, which left something of the same form, it belongs to
    this user, and nobody uses it: the program has ended.
    """
    forms = {_form(path) for path in second}
    return sorted(path for path in first if _form(path) in forms and _is_ownerless(path))


def _is_ownerless(path: Path) -> bool:
    try:
        return path.lstat().st_uid == os.geteuid() and not _is_mapped(path)
    except FileNotFoundError:
        return False


def _is_mapped(path: Path) -> bool:
    for maps in Path("/proc").glob("[0-9]*/maps"):
        try:
            if str(path) in maps.read_text("utf-8", "replace"):
                return True
        except OSError:
            pass  # it has ended, or is another user's
    return False


def _form(path: Path) -> str:
    """Names that were made up differ in letters and digits, not in length and marks."""
    return f"{path.parent}/{re.sub(r'[0-9a-zA-Z]', 'x', path.name)}"
