"""`make page` writes a page that is whole but for its words, and names the words that are left."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.commands import page
from tools.pages import CODES, ROOT

CHECKS = ("tests/test_page_form.py", "tests/test_pages.py", "tests/test_translations.py")
NAVIGATION = """\
nav: # chapters
  - index.md
  - locks: # the long one
      - locks/a.md # first
  - contributing.md
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of this project, in which a page can be written."""
    for name in ("docs", "examples", "lab", "runner", "tests", "tools"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (*ROOT.glob("mkdocs*.yml"), ROOT / "pyproject.toml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def checked(copy: Path) -> str:
    """What the checks of pages say of the new one."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-k",
        "my-page or my_page or address or navigation",
    ]
    done = subprocess.run(
        [*command, *CHECKS, "tests/test_addresses.py::test_a_new_address_is_written_down"],
        cwd=copy,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout


def test_a_new_page_lacks_only_words(copy: Path) -> None:
    command = [sys.executable, "-m", "tools.commands.page", "locks/my-page"]
    done = subprocess.run(command, cwd=copy, capture_output=True, encoding="utf-8", check=True)
    assert "runner --update examples/locks/my_page.py" in done.stdout
    assert (copy / "examples/locks/my_page.out").read_text() == (
        "$ python my_page.py\nchild\nparent\n"
    )
    said = checked(copy)
    assert "docs/en/locks/my-page.md:10: still to write: in one to three sentences" in said
    assert "1 failed" in said, said
    for language in CODES:
        path = copy / f"docs/{language}/locks/my-page.md"
        path.write_text(path.read_text("utf-8").replace("TODO: ", ""), "utf-8")
    accept = [sys.executable, "-m", "tools.commands.translation", "accept"]
    subprocess.run([*accept, "docs/ja/locks/my-page.md"], cwd=copy, check=True)
    said = checked(copy)
    assert " passed" in said, said
    assert "failed" not in said, said


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("locks/fork-gate", "docs/en/locks/fork-gate.md exists: take another name, or change what"),
        ("memory/cost", "docs/en/memory/cost.py exists: take another name"),
        ("locks/gate-order", "examples/locks/gate_order.py exists: take another name"),
        ("locks/My_Page", "My_Page is no name of a page: small letters, digits and hyphens make"),
        ("locks/", " is no name of a page"),
        ("locks/../x", "../x is no name of a page"),
    ],
)
def test_a_name_that_is_refused(place: str, message: str) -> None:
    with pytest.raises(page.PageError) as refused:
        page.plan(*place.split("/", 1))
    assert message in str(refused.value)


def test_a_page_is_the_last_of_its_chapter() -> None:
    assert page.with_page(NAVIGATION, "locks", "b") == NAVIGATION.replace(
        "# first\n", "# first\n      - locks/b.md\n"
    )


def test_a_chapter_that_is_none_is_refused() -> None:
    with pytest.raises(page.PageError, match=r"^mkdocs.yml has no chapter lock; it has locks$"):
        page.with_page(NAVIGATION, "lock", "b")


def test_a_page_without_a_chapter_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert page.main(["my-page"]) == 2
    assert "make page PAGE=locks/my-page" in capsys.readouterr().err
