"""Notebooks among the pages: read as what they are, and what they draw was recorded elsewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from math import inf
from pathlib import Path

import jupytext
import pytest

from tests.support.places import place_of
from tools.commands import measure
from tools.figures import charts
from tools.figures.charts import Measurement, Ratio
from tools.pages import (
    CODES,
    EXAMPLES,
    ROOT,
    Page,
    find_pages,
    notebook_as_markdown,
    without_front_matter,
)

TOOLS = ("charts", "fork_cost", "side_by_side")  # what a cell may import
NOTEBOOKS = [page for language in CODES for page in find_pages(language) if page.is_notebook]

FIGURE = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?) ?"
    r"(?:(?:[mµn]?s|seconds|times|[kKMG]i?B)(?![A-Za-z])|ミリ秒|マイクロ秒|秒|倍)"
)
# Numbers with a unit that no program here prints, and whose they are.
NOT_MEASURED = {
    "alternatives/why-fork.py": {"6": "a test run of others, linked"},
}

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
def test_a_cell_reads_a_record_and_draws_it(page: Page) -> None:
    cells = [fence for fence in page.fences if fence.is_cell]
    at = page.path.relative_to(ROOT)
    assert any("charts.read(" in cell.body for cell in cells), f"{at}: no cell reads a record"
    for cell in cells:
        for problem in problems_of_cell(cell.body):
            pytest.fail(
                f"{at}:{cell.line}: {problem}. Figures come from a program that `make figures` "
                'measures: record = charts.read("<chapter>/<slug>.figures.json"), then a function '
                "of tools/figures that draws record",
                pytrace=False,
            )


@each_notebook
def test_no_figure_is_typed(page: Page) -> None:
    known = {*numbers_shown(page), *NOT_MEASURED.get(page.name, {})}
    found = [
        f"{place_of(page, figure[0])}: {figure[0]!r} stands in no program, transcript or record of "
        "this page: let the chart or the table say it; if it is a figure of others, name them in "
        "NOT_MEASURED of tests/test_notebooks.py"
        for figure in FIGURE.finditer(page.text)
        if figure[1] not in known
    ]
    assert not found, "\n".join(found)


def numbers_shown(page: Page) -> set[str]:
    """Each number in the programs and transcripts of *page*, and of its records, rounded."""
    shown = {fence.include.file for fence in page.fences if fence.include}
    numbers = {n for file in shown for n in re.findall(r"\d+(?:\.\d+)?", file.read_text("utf-8"))}
    for name in re.findall(r'charts\.read\("(.+)"\)', page.text):
        for row in charts.read(name).milliseconds.values():
            numbers |= {f"{ms:.{digits}f}" for ms in row.values() for digits in range(3)}
    return numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It took 12.7 ms, and 3 times that.", ["12.7", "3"]),
        ("12.7 ミリ秒、約 3 倍です。", ["12.7", "3"]),
        ("512 MB of 2 GiB in 0.5 s", ["512", "2", "0.5"]),
        ("3 pages since 3.14 so 2 states, v3.12.1 sums 8 %", []),
    ],
)
def test_what_is_a_figure(text: str, numbers: list[str]) -> None:
    assert FIGURE.findall(text) == numbers


def problems_of_cell(source: str) -> Iterator[str]:
    """What in a cell neither reads a record of ``examples/`` nor hands it on to be drawn."""
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        yield f"no Python: {error.msg}"
        return
    for statement in statements:
        match statement:
            case ast.ImportFrom(module="tools.figures", level=0, names=names) if all(
                alias.name in TOOLS and not alias.asname for alias in names
            ):
                pass
            case ast.Assign(
                value=ast.Call(args=[ast.Constant(value=str(name))], keywords=[]) as read
            ) if ast.unparse(read.func) == "charts.read":
                if not (EXAMPLES / name).is_file():
                    yield f"no record {name}"
            case ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(), attr=_), args=[ast.Name()], keywords=[]
                )
            ):
                pass
            case _:
                yield f"{ast.unparse(statement)}: a cell reads a record, or draws one"


@pytest.mark.parametrize(
    "source",
    [
        "import subprocess",
        "from tools.commands.measure import measure",
        "from tools.figures import measure",
        "from tools.figures import charts as fork_cost",
        "x = 42.0",
        "record = {'waiting': 42.0}",
        "record = charts.read('alternatives/nowhere.figures.json')",
        "record = charts.Record(1)",
        "fork_cost.chart(record, 42)",
        "fork_cost.chart(record, scale=42)",
        "fork_cost.chart(42)",
        "fork_cost.chart(record)[0]",
        "fork_cost.chart(record).texts.clear()",
        "record.milliseconds['0']['fork'] = 42.0",
        "for way in record.milliseconds:\n    print(way)",
        "print(record)",
        "%time fork_cost.chart(record)",
        "record: charts.Record = charts.Record(42)",
        "record.milliseconds |= {'0': {'fork': 42.0}}",
        "charts.read = lambda name: 42",
        "(record := charts.Record(42))",
        "fork_cost.chart(*[42])",
        "record = charts.read('alternatives/' + 'side_by_side.figures.json')",
    ],
)
def test_cells_that_are_refused(source: str) -> None:
    assert list(problems_of_cell(source))


@pytest.mark.parametrize("measurement", measure.MEASUREMENTS, ids=lambda each: each.program)
def test_a_record_is_of_the_program_beside_it(measurement: Measurement) -> None:
    """And keeps what was promised when it was written."""
    assert measurement.path.exists(), f"{measurement.program} was not measured: make update"
    record = charts.read(str(measurement.path))
    assert record.program == measurement.digest(), (
        f"{measurement.program} has changed since it was measured: make update measures it anew"
    )
    assert record.command == measurement.command
    assert record.runs >= measurement.runs
    assert record.cpus > 1
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", record.date)
    assert all((record.processor, record.system, record.python))
    assert measurement.broken(record.milliseconds) == []
    rows = list(record.milliseconds.values())
    assert all(row.keys() == rows[0].keys() for row in rows)
    assert all(ms > 0 for row in rows for ms in row.values())


def test_figures_changed_by_hand_are_not_read(tmp_path: Path) -> None:
    record = next(EXAMPLES.glob("*/*.figures.json")).read_text("utf-8")
    changed = tmp_path / "x.figures.json"
    changed.write_text(re.sub(r": \d+\.\d+", ": 42.0", record, count=1), "utf-8")
    with pytest.raises(ValueError, match=r"x\.figures\.json: its figures were changed by hand"):
        charts.read(str(changed))


def test_each_record_is_shown() -> None:
    measured = {each.path.relative_to(EXAMPLES).as_posix() for each in measure.MEASUREMENTS}
    shown = {
        name
        for page in NOTEBOOKS
        for cell in page.fences
        if cell.is_cell
        for name in re.findall(r'charts\.read\("(.+)"\)', cell.body)
    }
    assert measured == shown


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


PROGRAM = """
import json, pathlib, sys
runs = pathlib.Path("runs")
runs.write_text(runs.read_text() + "." if runs.exists() else ".")
number = len(runs.read_text())
fast = 1.0 if number >= int(sys.argv[1]) else 9.0
print(json.dumps({"a row": {"slow": 10.0 + number, "fast": fast}}))
"""


def measured(folder: Path, monkeypatch: pytest.MonkeyPatch, quiet_run: int) -> Measurement:
    """The only measurement there is, of a program that other work disturbs until *quiet_run*."""
    monkeypatch.setattr(measure, "ROOT", folder)
    source = folder / "program.py"
    source.write_text(PROGRAM, "utf-8")
    ratios = (Ratio(("a row", "slow"), ("a row", "fast"), low=5),)
    measurement = Measurement(str(source), (str(quiet_run),), runs=2, ratios=ratios)
    monkeypatch.setattr(measure, "MEASUREMENTS", (measurement,))
    monkeypatch.setattr(measure, "PATIENCE", 3)
    return measurement


def runs_of(measurement: Measurement) -> int:
    return len((measurement.source.parent / "runs").read_text())


@pytest.mark.parametrize(("quiet_run", "runs"), [(1, 2), (5, 5)])
def test_a_disturbed_measurement_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quiet_run: int, runs: int
) -> None:
    """At least as many runs as are asked for; and the least counts, whichever run it is of."""
    measurement = measured(tmp_path, monkeypatch, quiet_run)
    assert measure.main([]) == 0
    record = charts.read(str(measurement.path))
    assert runs_of(measurement) == record.runs == runs
    assert record.milliseconds == {"a row": {"slow": 11.0, "fast": 1.0}}


@pytest.mark.parametrize("options", [[], ["--all"], ["--check"]])
def test_what_breaks_its_ratio_is_not_recorded(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
) -> None:
    measurement = measured(tmp_path, monkeypatch, 99)
    assert measure.main(options) == 1
    assert runs_of(measurement) == 6
    assert not measurement.path.exists()
    assert "a row slow / a row fast = 1.22, not > 5" in capsys.readouterr().out


def test_only_what_has_changed_is_measured_unless_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measurement = measured(tmp_path, monkeypatch, 1)
    assert measure.main([]) == measure.main([]) == 0
    assert runs_of(measurement) == 2
    written = measurement.path.read_bytes()
    assert measure.main(["--check"]) == 0
    assert runs_of(measurement) == 4
    assert measurement.path.read_bytes() == written, "--check wrote"
    assert measure.main(["--all"]) == 0
    assert runs_of(measurement) == 6
    measurement.source.write_text(PROGRAM + "\n", "utf-8")
    assert measure.main([]) == 0
    assert runs_of(measurement) == 8


@pytest.mark.parametrize(
    ("low", "high", "bounds", "held", "spare"),
    [(1, inf, "> 1", [2, 3, 4], [3, 4]), (0, 4, "< 4", [1, 2, 3], [1]), (1, 4, "1–4", [2, 3], [])],
)
def test_a_ratio_lies_within_its_bounds(
    low: float, high: float, bounds: str, held: list[int], spare: list[int]
) -> None:
    ratio = Ratio(("row", "over"), ("row", "under"), low, high)
    assert ratio.bounds == bounds
    assert [n for n in range(1, 5) if ratio.holds({"row": {"over": n, "under": 1}})] == held
    assert [n for n in range(1, 5) if ratio.holds({"row": {"over": n, "under": 1}}, 2)] == spare
