"""What docs/*/alternatives/why-fork.py calls: two threads against two processes."""

from __future__ import annotations

from functools import partial
from typing import Any

from tools import words
from tools.figures import charts
from tools.figures.charts import ACCENT, INK, LINE, MUTED, WARN, Html, Measurement, Ratio, Record

MEASUREMENT = Measurement(
    "alternatives/side_by_side.py",
    ("milliseconds",),
    runs=20,
    ratios=(
        Ratio(("one by one", "waiting"), ("processes", "waiting"), low=1.2),
        Ratio(("one by one", "waiting"), ("threads", "waiting"), low=1.2),
        Ratio(("one by one", "computing"), ("processes", "computing"), low=1.2),
        Ratio(("one by one", "computing"), ("threads", "computing"), high=1.2),
        Ratio(("threads", "computing"), ("processes", "computing"), low=1.2),
    ),
)
TASKS = ("waiting", "computing")

_COLOURS = {"one by one": LINE, "processes": ACCENT, "threads": WARN}
_WIDTH, _HEIGHT = 360, 250


def table(record: Record) -> Html:
    """Every figure of the chart."""
    return charts.in_each_language(partial(_table, record))


def _table(record: Record, language: str) -> str:
    names, figures = _names(language), record.milliseconds
    rows = [charts.row(names[way], (figures[way][task] for task in TASKS)) for way in _COLOURS]
    body = "<tbody>\n" + "\n".join(rows) + "\n</tbody>"
    corner = words.say("figures.side_by_side.way", language)
    return charts.table(record, corner, [names[task] for task in TASKS], body, language)


def _names(language: str) -> dict[str, str]:
    return words.table("figures.side_by_side.names", language)


def ratios(record: Record) -> Html:
    """What the measurement must show."""
    return charts.ratios(record, MEASUREMENT, _ratio)


def _ratio(ratio: Ratio, language: str) -> str:
    """``computing: two threads ÷ two processes``."""
    names = _names(language)
    (over, task), (under, _) = ratio.over, ratio.under
    return f"{names[task]}: {names[over]} ÷ {names[under]}"


def chart(record: Record) -> Html:
    """A bar for each way, the tasks one below the other."""
    return charts.in_each_language(partial(_chart, record))


def _chart(record: Record, language: str) -> str:
    alt = " ".join(_alt(record.milliseconds, task, language) for task in TASKS)
    return charts.chart(partial(_draw, record.milliseconds, language), _WIDTH, _HEIGHT, alt)


def _alt(figures: charts.Figures, task: str, language: str) -> str:
    told = {way: charts.milliseconds(figures[way][task]) for way in _COLOURS}
    return words.say("figures.side_by_side.alt", language, task=_names(language)[task], **told)


def _draw(figures: charts.Figures, language: str, picture: Any) -> None:
    names = _names(language)
    longest = max(max(figures[way].values()) for way in _COLOURS)
    for bottom, task in zip((0.56, 0.06), TASKS, strict=True):
        axes = picture.add_axes((0.32, bottom, 0.54, 0.31))
        title = words.say("figures.side_by_side.title", language, task=names[task])
        picture.text(0.039, bottom + 0.345, title, color=MUTED)
        axes.set_axis_off()
        axes.set_xlim(0, longest)
        axes.set_ylim(2.5, -0.5)
        for place, (way, colour) in enumerate(_COLOURS.items()):
            figure = figures[way][task]
            axes.barh(place, figure, height=0.6, color=colour)
            axes.text(-0.03 * longest, place, names[way], ha="right", va="center", color=INK)
            axes.text(
                figure + 0.03 * longest, place, charts.milliseconds(figure),
                va="center", color=INK,
            )  # fmt: skip
