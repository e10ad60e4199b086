"""Notebooks among the pages: read as what they are, and harmless to their kernel."""

from __future__ import annotations

import ast

import jupytext
import pytest

from tools import cost
from tools.pages import (
    EXAMPLES,
    LANGUAGES,
    Page,
    find_pages,
    notebook_as_markdown,
    without_front_matter,
)

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
    """It asks tools/cost.py, which runs a program of examples/, and computes with the answer."""
    for fence in page.fences:
        if not fence.is_cell:
            continue
        for node in ast.walk(ast.parse(fence.body)):
            if isinstance(node, ast.ImportFrom):
                assert (node.module, [alias.name for alias in node.names]) == ("tools", ["cost"])
            assert not isinstance(node, ast.Import), f"line {fence.line}: {ast.unparse(node)}"
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func).startswith(("cost.", "print")), ast.unparse(node)


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
    monkeypatch.setattr(cost, "_run_once", lambda source, sizes: runs.pop(0))
    figures = cost._run(EXAMPLES / "memory/fork_cost.py", (0, 512))
    assert figures["os.posix_spawn"] == {0: 1.0, 512: 1.0}
    assert figures["os.fork"][0] == 0.5
    assert len(runs) == 1, "it went on although the second run was quiet"
