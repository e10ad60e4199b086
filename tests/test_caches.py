"""GitHub keeps the lab's kernel and image where the build looks for them, under names of theirs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from lab.image import cache_folder, image_folder
from tools.pages import ROOT

ACTION = yaml.safe_load((ROOT / ".github/actions/caches/action.yml").read_text("utf-8"))


def names() -> dict[str, str]:
    """What `build.py --names` says."""
    command = [sys.executable, "lab/image/build.py", "--names"]
    said = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(line.split("=") for line in said.splitlines())


def test_the_names_are_those_of_the_folders() -> None:
    assert names()["image"] == image_folder().name
    assert names()["kernel"].startswith("kernel-")


def test_each_is_kept_where_the_build_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    kept = {step["with"]["path"] for step in ACTION["runs"]["steps"] if "with" in step}
    for name in names():
        assert str(cache_folder() / f"${{{{ steps.lab.outputs.{name} }}}}") in {
            str(Path(path).expanduser()) for path in kept
        }
