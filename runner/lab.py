"""What a script says of whether the lab, a Linux with one CPU in the browser, can run it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .source import Source

_CPUS = re.compile(r"\b(?:sched_[sg]etaffinity|(?:process_)?cpu_count|nproc)\b")


def lab_faults(source: Source, lab: str) -> Iterator[str]:
    """Where the setting and what the script uses of its CPUs differ."""
    if lab and source.path.suffix != ".py":
        yield f'lab = "{lab}", but no lab runs {source.path.suffix} files: remove it'
        return
    used = _CPUS.search(source.text)
    if used and lab != "cpus":
        yield (
            f'lab = "{lab}", but {used[0]} in {source.path.name} is about more than one CPU, which '
            'the lab does not have: lab = "cpus"'
        )
    if lab == "cpus" and not used:
        yield (
            'lab = "cpus", but nothing in the program asks for CPUs: remove it, or give the '
            "reason that `make test-lab` shows"
        )
