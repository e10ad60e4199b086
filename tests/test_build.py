"""A strict build sees what is wrong with a page, in either language, or with the theme."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.pages import CODES, ENGLISH, JAPANESE
from tools.site.build import build


def add(project: Path, language: str, text: str) -> None:
    """Put *text* at the end of the first page."""
    page = project / "docs" / language / "index.md"
    page.write_text(f"{page.read_text('utf-8')}\n{text}\n", "utf-8")


def test_links_that_lead_nowhere_fail_the_build(project: Path) -> None:
    """Each is named. And the Japanese page says that the English one was changed."""
    for language in CODES:
        add(project, language, "[away](nowhere.md) and [away](how-to-read.md#nowhere)")
    built = build(project, project / "site")
    assert built.status != 0
    for mark in ("", f"[{JAPANESE.code}] "):
        lost = f"WARNING -  {mark}Doc file 'index.md' contains a link"
        assert f"{lost} 'nowhere.md', but the target is not found" in built.problems
        assert f"{lost} 'how-to-read.md#nowhere', but the doc" in built.problems
    assert built.problems.count("WARNING") == 4, built.problems
    assert "INFO" not in built.problems
    banner = built.read(f"{JAPANESE.folder}index.html").select_one(".behind")
    assert banner
    assert banner.select_one('a[hreflang="en"]')
    assert not built.read("index.html").select(".behind")


def test_an_include_of_nothing_fails_the_build(project: Path) -> None:
    add(project, ENGLISH.code, '```python\n--8<-- "nowhere.py"\n```')
    built = build(project, project / "site")
    assert built.status != 0
    assert "nowhere.py" in built.problems


def change_a_cell(project: Path, language: str, code: str) -> None:
    page = project / "docs" / language / "memory/cost.py"
    text = page.read_text("utf-8")
    assert "\nfork_cost.chart(record)\n" in text
    page.write_text(text.replace("fork_cost.chart(record)", code), "utf-8")


def test_a_cell_that_fails_fails_the_build(project: Path) -> None:
    change_a_cell(project, JAPANESE.code, "fork_cost.chart(recorded)")
    built = build(project, project / "site")
    assert built.status != 0
    assert "name 'recorded' is not defined" in built.problems


def test_a_cell_that_prints_fails_each_build(project: Path) -> None:
    """Also the second, although outputs are kept."""
    change_a_cell(project, ENGLISH.code, "import sys\nprint('Oh', file=sys.stderr)")
    for _ in range(2):
        built = build(project, project / "site")
        assert built.status != 0
        assert "memory/cost.py: a cell prints: Oh" in built.problems


@pytest.mark.parametrize(
    ("held", "gone", "message"),
    [
        ('"https://unpkg.com/"', '"https://gone.example/"', "0 times, not 2"),
        ("function H(e)", "function Gone(e)", "has no 'function Gone(e)"),
    ],
)
def test_a_theme_that_changed_fails_the_build(
    project: Path, held: str, gone: str, message: str
) -> None:
    patches = project / "tools/site/theme_patches.py"
    text = patches.read_text("utf-8")
    assert held in text
    patches.write_text(text.replace(held, gone), "utf-8")
    built = build(project, project / "site")
    assert built.status != 0
    assert message in built.problems
