"""A report of a mistake names the commit that its page was built from, where that is known."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tools.site.reports import version


def git(project: Path, *arguments: str) -> str:
    author = ["-c", "user.name=A", "-c", "user.email=a@after-fork.example"]
    command = ["git", *author, *arguments]
    return subprocess.run(command, cwd=project, check=True, capture_output=True, text=True).stdout


def test_the_version_is_the_last_commit(tmp_path: Path) -> None:
    assert version(tmp_path) == "", "outside of all repositories"
    project = tmp_path / "project"
    project.mkdir()
    git(project, "init")
    (project / "mkdocs.yml").touch()
    assert version(project) == "", "nothing is committed"
    git(project, "add", ".")
    git(project, "commit", "--message", "site")
    version.cache_clear()
    assert git(project, "rev-parse", "HEAD").startswith(version(project))
    assert len(version(project)) == 12
    unpacked = project / "unpacked"
    unpacked.mkdir()
    assert version(unpacked) == "", "in somebody else's repository"
