"""The ledger of addresses has all that are published, and loses none. (That each answers, and what
moved leads on: test_site.py.)"""

from __future__ import annotations

import subprocess

import pytest

from tools.pages import ROOT
from tools.site import addresses
from tools.site.addresses import LEDGER, follow, ledger, published

LEDGER_NAME = LEDGER.relative_to(ROOT).as_posix()


def test_a_new_address_is_written_down() -> None:
    new = sorted(published() - ledger())
    assert new == [], (
        f"{LEDGER_NAME} lacks these. Write them: .venv/bin/python -m tools.commands.addresses"
    )


def taken_out() -> set[str]:
    """What any change of the ledger on the way to this commit, or since, took out of it."""
    log = subprocess.run(
        ["git", "log", "--first-parent", "-m", "-p", "--format=", "HEAD", "--", LEDGER_NAME],
        cwd=ROOT,
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    now = subprocess.run(
        ["git", "diff", "HEAD", "--", LEDGER_NAME],
        cwd=ROOT,
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    return {line[1:] for line in (log + now).splitlines() if line.startswith("-/")}


def test_no_address_is_taken_out() -> None:
    lost = sorted(taken_out() - ledger())
    assert lost == [], (
        f"{LEDGER_NAME}: readers have links to these. Put the lines back, and say in "
        "docs/moved.toml where they went"
    )


def test_the_ledger_is_sorted_and_says_nothing_twice() -> None:
    lines = LEDGER.read_text("utf-8").splitlines()
    assert lines == sorted(set(lines))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/a/", "/c/#part"),
        ("/a/#own", "/d/#own"),
        ("/b/#any", "/c/#any"),
        ("/e/", "/e/"),
    ],
)
def test_a_move_is_followed_to_its_end(monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    moves = {"/a/": "/b/", "/b/": "/c/#part", "/a/#own": "/d/#own"}
    monkeypatch.setattr(addresses, "moves", lambda: moves)
    assert follow(old) == new


def test_a_circle_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "moves", lambda: {"/a/": "/b/", "/b/": "/a/"})
    with pytest.raises(ValueError, match="/a/ -> /b/ -> /a/ is a circle"):
        follow("/a/")
