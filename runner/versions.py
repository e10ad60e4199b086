"""Which transcript is whose, where Pythons print different things.

``<slug>.out`` is what the oldest Python prints. ``<slug>.3.14.out`` is what 3.14 prints and every
later one, up to the next such file. So a Python's transcript is the newest that is not above it.
"""

from __future__ import annotations

import sys
from pathlib import Path

Version = tuple[int, int]

PYTHONS: tuple[Version, ...] = ((3, 11), (3, 12), (3, 13), (3, 14), (3, 15))  # oldest first
OLDEST = PYTHONS[0]
HERE: Version = sys.version_info[:2]


def name_of(version: Version) -> str:
    """A version as people write it: "3.14"."""
    return f"{version[0]}.{version[1]}"


def path_for(source: Path, version: Version) -> Path:
    """The transcript of *source* that begins with *version*, whether there is one or not."""
    return source.with_suffix(".out" if version <= OLDEST else f".{name_of(version)}.out")


def transcripts_of(source: Path) -> dict[Version, Path]:
    """By the first Python that prints so, oldest first; that of the oldest may not exist yet."""
    later = {version: path_for(source, version) for version in PYTHONS[1:]}
    existing = {version: path for version, path in later.items() if path.exists()}
    return {OLDEST: path_for(source, OLDEST), **existing}


def transcript_of(source: Path, version: Version) -> Path:
    """The one that *version* is held against."""
    transcripts = transcripts_of(source)
    return transcripts[max((since for since in transcripts if since <= version), default=OLDEST)]
