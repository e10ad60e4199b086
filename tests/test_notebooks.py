"""Notebooks among the pages: read as what they are, and harmless to their kernel."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import jupytext
import pytest

from tools import cost, figures, parallel
from tools.pages import (
    LANGUAGES,
    Page,
    find_pages,
    notebook_as_markdown,
    without_front_matter,
)

TOOLS = ("cost", "parallel")  # run a program of examples/, and show what it printed
NOTEBOOKS = [page for language in LANGUAGES for page in find_pages(language) if page.is_notebook]

each_notebook = pytest.mark.parametrize("page", NOTEBOOKS, ids=lambda page: page.id)


@each_notebook
def test_it_is_read_as_jupytext_reads_it(page: Page) -> None:
    """What mkdocs-jupyter executes is what the checks of pages see, and what a reader gets."""
    _, *cells = jupytext.read(page.path).cells  # the first is the front matter
    expected = [
        f"``` {{.python .cell}}\n{cell.source}\n```" if cell.cell_type == "code" else cell.source
        for cell in cells
    ]
    assert without_front_matter(page.text).strip() == "\n\n".join(expected)


@each_notebook
def test_a_cell_starts_no_process(page: Page) -> None:
    """It asks one of TOOLS, and computes with the answer."""
    nodes = [
        (node, f"line {fence.line}: {ast.unparse(node)}")
        for fence in page.fences
        if fence.is_cell
        for node in ast.walk(ast.parse(fence.body))
    ]
    tools: list[str] = []
    for node, place in nodes:
        assert not isinstance(node, ast.Import), place
        if isinstance(node, ast.ImportFrom):
            assert node.module == "tools", place
            tools += [alias.name for alias in node.names if not alias.asname]
    assert len(tools) == 1
    assert tools[0] in TOOLS
    for node, place in nodes:
        if isinstance(node, ast.Call):
            assert re.fullmatch(rf"{tools[0]}\.[a-z]+|print", ast.unparse(node.func)), place


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# %% [raw]\n# x\n", "a cell of an unknown kind"),
        ("# %% named\nx\n", "a cell of an unknown kind"),
        ("# %% [markdown]\nx\n", "a line that is no comment"),
        ("import os\n# %%\nx\n", "a line that is no comment"),
    ],
)
def test_what_is_not_read(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        notebook_as_markdown(text)


def test_a_disturbed_measurement_is_taken_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the least of all runs counts, whichever run it comes from."""
    quiet = {way: 1.0 for way in cost.NAMES}
    runs = [
        {"0": quiet | {"os.fork": 0.5}, "512": quiet | {"os.posix_spawn": 9.0}},
        {"0": quiet, "512": quiet},
        {"0": dict.fromkeys(quiet, 0.0), "512": quiet},
    ]
    monkeypatch.delenv(figures.FOLDER, raising=False)
    monkeypatch.setattr(figures, "_run_once", lambda source, arguments: runs.pop(0))
    measured = cost.measure("memory/fork_cost.py", 0, 512)
    assert measured["os.posix_spawn"] == {0: 1.0, 512: 1.0}
    assert measured["os.fork"][0] == 0.5
    assert len(runs) == 1, "it went on although the second run was quiet"


@pytest.mark.parametrize(("quiet_run", "expected"), [(1, 5), (7, 7), (99, 50)])
@pytest.mark.parametrize("slowed", ["processes", "one by one"])
def test_two_processes_are_given_time_to_find_two_cpus(
    monkeypatch: pytest.MonkeyPatch, slowed: str, quiet_run: int, expected: int
) -> None:
    """At least 5 runs, more where other work took a CPU, and at most 50."""
    done = []

    def run(source: Path, arguments: tuple[str, ...]) -> figures.Rows:
        done.append(arguments)
        computing = {"one by one": 200.0, "processes": 100.0, "threads": 200.0}
        if len(done) != quiet_run:
            computing[slowed] *= 1.8
        return {way: {"waiting": 100.0, "computing": ms} for way, ms in computing.items()}

    monkeypatch.delenv(figures.FOLDER, raising=False)
    monkeypatch.setattr(figures, "_run_once", run)
    monkeypatch.setattr(figures, "GIL", True)
    measured = parallel.measure("alternatives/side_by_side.py", "milliseconds")
    assert done == [("milliseconds",)] * expected
    assert (measured[slowed]["computing"] in (100.0, 200.0)) == (quiet_run < 99)
