"""What git knows of the pages. Raises NoHistoryError where it knows nothing: in a zip, say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.git import git
from tools.pages import ROOT, as_markdown

MAIN = ("origin/HEAD", "origin/main", "main")


class NoHistoryError(Exception):
    """What was asked is in no commit here; the message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "This copy of the project has no history that git can read (was it a zip?), so nothing "
            "can say what changed. Clone it with git, or compare the two pages as a whole."
        )


def versions(path: Path) -> Iterator[str]:
    """The Markdown of a page at each commit that changed it, the newest first."""
    name = path.relative_to(ROOT).as_posix()
    for commit in _git("log", "--format=%H", "--", name).split():
        if (text := text_at(commit, path)) is not None:
            yield as_markdown(name, text)


def text_at(commit: str, path: Path) -> str | None:
    """The file as it was at *commit*; None if it was not there."""
    try:
        return _git("show", f"{commit}:{path.relative_to(ROOT).as_posix()}")
    except NoHistoryError:
        return None


def base_of_branch() -> str:
    """The commit where this branch left main; on main, if nothing is changed, the one before."""
    for main in MAIN:
        try:
            base = _git("merge-base", "HEAD", main).strip()
            is_main = base == _git("rev-parse", "HEAD").strip()
            is_clean = not _git("status", "--porcelain", "--", "docs")
            return _git("rev-parse", f"{base}~1").strip() if is_main and is_clean else base
        except NoHistoryError:
            pass
    raise NoHistoryError


def _git(*arguments: str) -> str:
    try:
        return git(ROOT, *arguments)
    except OSError:
        raise NoHistoryError from None
