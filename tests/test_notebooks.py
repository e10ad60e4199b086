"""Notebooks among the pages: read as what they are, and harmless to their kernel."""

from __future__ import annotations

import ast

import jupytext
import pytest

from tools.pages import LANGUAGES, Page, find_pages, notebook_as_markdown, without_front_matter

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
