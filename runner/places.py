"""Files in other places than the program's own folder and $TMPDIR, where nobody removes them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from .source import Fault, Source

_SHARED = tuple(map(Path, ("/tmp", "/var/tmp", "/dev/shm")))
_ELSEWHERE = re.compile(
    r"(?:/(?:tmp|var|run|home|root|opt|srv|mnt|dev/shm|dev/mqueue)|~\w*|\.\.)(?:/.*)?", re.S
)
_NAMED = re.compile(r"\b(shm_open|sem_open|mq_open)\b")
_PERHAPS_OURS = re.compile(r"(?!after-fork-|tmp\w{8}$).*")  # such are of other runs and programs


def place_faults(source: Source) -> Iterator[Fault]:
    """Literal paths that lead out of the folder in which the program runs."""
    for line, text in source.strings:
        if _ELSEWHERE.fullmatch(text) and text != "~":
            yield (
                line,
                f"{text!r} is a place that this program shares with others, and leaves its files "
                "in: make them by tempfile, which follows $TMPDIR, or in the folder it runs in",
            )
    for line, text in source.lines:
        if (found := _NAMED.search(text)) and "unlink" not in source.text:
            yield line, f"{found[1]} without unlink leaves a name behind: unlink it when it is open"


def shared_places() -> set[Path]:
    """What lies in the folders of this machine that every program may write to."""
    return {
        path
        for folder in _SHARED
        if folder.is_dir()
        for path in folder.iterdir()
        if _PERHAPS_OURS.fullmatch(path.name) and _is_ours(path)
    }


def left_each_time(first: set[Path], second: set[Path]) -> list[Path]:
    """Of what came during two runs that which the program left, not somebody else meanwhile.

    It is still there after the second run, which left something of the same form.
    """
    forms = {_form(path) for path in second}
    return sorted(path for path in first if _form(path) in forms and os.path.lexists(path))


def _form(path: Path) -> str:
    """Names that were made up differ in letters and digits, not in length and marks."""
    return f"{path.parent}/{re.sub(r'[0-9a-zA-Z]', 'x', path.name)}"


def _is_ours(path: Path) -> bool:
    try:
        return path.lstat().st_uid == os.geteuid()
    except FileNotFoundError:
        return False
