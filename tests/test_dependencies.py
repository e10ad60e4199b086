"""Dependabot sees every file that pins something, and brings what needs work alone."""

from __future__ import annotations

import fnmatch
from typing import Any

import pytest
import yaml

from tools.pages import ROOT

CONFIG = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text("utf-8"))
UPDATES: dict[str, Any] = {update["package-ecosystem"]: update for update in CONFIG["updates"]}
PINNED = {
    "pip": ("requirements*.txt", "requirements/*.txt"),
    "npm": ("package-lock.json",),
    "github-actions": ("action.yml",),
}
LEFT_OUT = {"node_modules", ".venv", ".cache", "site"}


@pytest.mark.parametrize("ecosystem", PINNED)
def test_every_pinned_file_is_watched(ecosystem: str) -> None:
    found = {
        f"/{path.parent.relative_to(ROOT)}".removesuffix(".")
        for pattern in PINNED[ecosystem]
        for path in ROOT.rglob(pattern)
        if not LEFT_OUT & {*path.relative_to(ROOT).parts}
    }
    watched = UPDATES[ecosystem]["directories"]
    unseen = {one for one in found if not any(fnmatch.fnmatch(one, name) for name in watched)}
    assert found
    assert unseen == set(), "add these to `directories` in .github/dependabot.yml"


@pytest.mark.parametrize(
    ("ecosystem", "package"), [("pip", "mkdocs-material"), ("npm", "minisearch"), ("npm", "v86")]
)
def test_what_fits_one_version_comes_alone(ecosystem: str, package: str) -> None:
    for group in UPDATES[ecosystem]["groups"].values():
        assert package in group["exclude-patterns"]


def test_a_release_is_a_week_old() -> None:
    for update in UPDATES.values():
        assert update["cooldown"]["default-days"] >= 7
