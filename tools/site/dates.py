"""The day on which each page last changed, for its foot: one look at the history for all pages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path

from babel.dates import format_date
from mkdocs.plugins import get_plugin_logger

from tools.git import git
from tools.pages import CODES, ROOT

log = get_plugin_logger("dates")


def last_change(page: Path, language: str) -> str | None:
    """The day of the last commit of *page*, in the words of *language*; None where git has none."""
    day = last_changes(ROOT).get(page)
    return format_date(day, "long", language) if day else None


@cache
def last_changes(project: Path) -> dict[Path, date]:
    """The day, in UTC, of the last commit of each page; none where git has not all commits."""
    ask = partial(git, project)
    try:
        if ask("rev-parse", "--is-shallow-repository") != "false\n":
            raise OSError("the history is cut short; fetch all of it")
        pages = [f"docs/{code}" for code in CODES]
        commits = ask("log", "--format=%x00%at", "--name-only", "--relative", "--", *pages)
    except OSError as why:
        log.info(f"no page says when it last changed: {why}")
        return {}
    days: dict[Path, date] = {}
    for commit in commits.split("\0")[1:]:  # from the newest
        seconds, *names = commit.split("\n")
        for name in filter(None, names):
            days.setdefault(project / name, datetime.fromtimestamp(int(seconds), UTC).date())
    return days
