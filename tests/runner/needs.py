"""What an example may need from the machine besides Python and psutil."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """A thing that may be missing, and how to see it, get it, and see that it is used."""

    command: str  # found on PATH where the need is met
    debian: str  # the packages that bring it
    used: re.Pattern[str]  # found in the source of an example that has the need

    def is_met(self) -> bool:
        return shutil.which(self.command) is not None


NEEDS = {
    "cc": Need("cc", "gcc libc6-dev", re.compile(r"\bcc\b")),
    "ruby": Need("ruby", "ruby", re.compile(r"\bruby\b")),
}
_OF_LANGUAGE = {".c": "cc", ".rb": "ruby"}


def needs_of(source: Path, declared: tuple[str, ...]) -> tuple[str, ...]:
    """The needs of *source*: its language's, then those it declares."""
    own = _OF_LANGUAGE.get(source.suffix)
    return ((own,) if own else ()) + declared


def unneeded(source: Path, declared: tuple[str, ...]) -> list[str]:
    """Those *declared* that nothing in *source* asks for, or that its language implies."""
    text = source.read_text("utf-8")
    own = _OF_LANGUAGE.get(source.suffix)
    return [name for name in declared if name == own or not NEEDS[name].used.search(text)]
