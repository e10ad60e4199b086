"""What git says of the project."""

from __future__ import annotations

import subprocess
from pathlib import Path


def git(project: Path, *arguments: str) -> str:
    """What git prints; OSError, with its reason, where it is missing or refuses."""
    done = subprocess.run(
        ["git", "-c", "core.quotePath=false", *arguments],
        cwd=project,
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise OSError(done.stderr.partition("\n")[0])
    return done.stdout
