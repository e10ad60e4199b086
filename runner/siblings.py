"""What a script needs beside it: files that it imports, or names in its settings."""

from __future__ import annotations

from pathlib import Path

from .settings import SettingsError, load_settings
from .source import Source, imported_modules


def siblings(source: Path) -> list[Path]:
    """Every file that must lie beside *source* for it to run, in order of their names.

    Those that it imports, those that its settings name in ``files``, and what these need in turn.
    """
    found: set[Path] = set()
    unread = [source]
    while unread:
        path = unread.pop()
        wanted = {*_imported(path), *files_of(path)} - found
        found |= wanted
        unread += wanted
    return sorted(found - {source})


def files_of(source: Path) -> list[Path]:
    """The files that the settings of *source* name, as far as they are there."""
    try:
        names = load_settings(source.with_suffix(".toml")).files
    except SettingsError:
        return []  # whoever runs the example is told, as of a file that is missing
    return [path for name in names if (path := source.with_name(name)).is_file()]


def _imported(path: Path) -> list[Path]:
    named = (path.with_name(f"{name}.py") for name in imported_modules(Source(path)))
    return [file for file in named if file.is_file()]
