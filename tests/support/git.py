"""What Git knows of this tree: its files, and what has changed in them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from runner import Example, find_examples
from tools.pages import ROOT

MAIN = ("origin/main", "main")  # what everything is merged into
_MADE = {".venv", "node_modules", "site", ".cache", "__pycache__"}  # where there is no Git to ask


def files() -> list[Path]:
    """Every file of the project, committed or not, but for what .gitignore names."""
    listed = _git("ls-files", "--cached", "--others", "--exclude-per-directory=.gitignore", "-z")
    if listed:
        found = [ROOT / name for name in listed.split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not _MADE & set(path.relative_to(ROOT).parts)]
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def changed_examples() -> frozenset[Example]:
    """Examples of which a file, or one that they need beside them, is another than on main.

    On main itself, and without the history, only what is not committed is known to have changed.
    """
    changed = _changed_files()
    return frozenset(
        example
        for example in find_examples()
        if any(
            path.relative_to(ROOT).as_posix() in changed
            for path in (
                *(example.source, example.transcript, example.settings_file),
                *example.siblings,
            )
        )
    )


def _changed_files() -> frozenset[str]:
    """Their paths below the root of the project."""
    base = next(filter(None, (_git("merge-base", "HEAD", name) for name in MAIN)), "HEAD").strip()
    changed = _git("diff", "--name-only", "-z", base)
    added = _git("ls-files", "--others", "--exclude-standard", "-z")
    return frozenset(filter(None, (changed + added).split("\0")))


def _git(*arguments: str) -> str:
    """What git says, "" where there is none or no such thing."""
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    return done.stdout if done.returncode == 0 else ""
