"""The day at the foot of a page is that of its last commit, or there is none."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from tools.site import dates


def git(project: Path, *arguments: str, day: str = "2001-01-01T00:00:00Z") -> None:
    author = ["-c", "user.name=A", "-c", "user.email=a@after-fork.example"]
    subprocess.run(
        ["git", *author, *arguments],
        cwd=project,
        env=os.environ | {"GIT_AUTHOR_DATE": day},
        check=True,
        capture_output=True,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two pages, of which one was changed again, and a third that was never committed."""
    pages = tmp_path / "project" / "docs" / "en"
    pages.mkdir(parents=True)
    git(tmp_path / "project", "init")
    for text, names, day in (
        ("", ("a.md", "é.md"), "2020-02-03T00:00:00Z"),
        ("changed", ("a.md",), "2020-05-01T08:00:00+09:00"),
    ):
        for name in names:
            (pages / name).write_text(text)
        git(pages, "add", ".")
        git(pages, "commit", "--message", "pages", day=day)
    (pages / "new.md").write_text("")
    return tmp_path / "project"


def test_a_page_was_changed_by_its_last_commit(project: Path) -> None:
    pages = project / "docs" / "en"
    assert dates.last_changes(project) == {
        pages / "a.md": date(2020, 4, 30),
        pages / "é.md": date(2020, 2, 3),
    }


def test_the_day_is_said_in_the_language(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dates, "ROOT", project)
    page = project / "docs/en/a.md"
    assert dates.last_change(page, "en") == "April 30, 2020"
    assert dates.last_change(page, "ja") == "2020年4月30日"
    assert dates.last_change(page.with_name("new.md"), "en") is None


def test_no_day_is_guessed(project: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    git(tmp_path, "clone", "--depth=1", project.as_uri(), "shallow")
    (tmp_path / "bare").mkdir()
    with caplog.at_level("INFO", "mkdocs"):
        assert dates.last_changes(tmp_path / "shallow") == {}
        assert dates.last_changes(tmp_path / "bare") == {}
    assert "the history is cut short; fetch all of it" in caplog.text
    assert "not a git repository" in caplog.text
