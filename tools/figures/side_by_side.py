"""What docs/*/alternatives/why-fork.py calls: two threads against two processes."""

from __future__ import annotations

from functools import partial
from typing import Any

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

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "one by one": "one by one",
        "processes": "two processes",
        "threads": "two threads",
        "waiting": "waiting",
        "computing": "computing",
        "title": "{task}: milliseconds for two portions",
        "way": "two portions of work",
        "alt": "Milliseconds for two portions of {task}. One by one: {one by one}."
        " Two processes: {processes}. Two threads: {threads}.",
    },
    "ja": {
        "one by one": "順番に",
        "processes": "2 プロセス",
        "threads": "2 スレッド",
        "waiting": "待つ仕事",
        "computing": "計算する仕事",
        "title": "{task} 2 つ分の時間（ミリ秒）",
        "way": "2 つ分の仕事",
        "alt": "{task} 2 つ分の時間（ミリ秒）。順番には {one by one}、2 プロセスでは"
        " {processes}、2 スレッドでは {threads}。",
    },
}

_COLOURS = {"one by one": LINE, "processes": ACCENT, "threads": WARN}
_WIDTH, _HEIGHT = 360, 250


def table(record: Record) -> Html:
    """Every figure of the chart."""
    return charts.in_each_language(partial(_table, record))


def _table(record: Record, language: str) -> str:
    words, figures = WORDS[language], record.milliseconds
    rows = [charts.row(words[way], (figures[way][task] for task in TASKS)) for way in _COLOURS]
    body = "<tbody>\n" + "\n".join(rows) + "\n</tbody>"
    return charts.table(record, words["way"], [words[task] for task in TASKS], body, language)


def ratios(record: Record) -> Html:
    """What the measurement must show."""
    return charts.ratios(record, MEASUREMENT, _ratio)


def _ratio(ratio: Ratio, language: str) -> str:
    """``computing: two threads ÷ two processes``."""
    words = WORDS[language]
    (over, task), (under, _) = ratio.over, ratio.under
    return f"{words[task]}: {words[over]} ÷ {words[under]}"


def chart(record: Record) -> Html:
    """A bar for each way, the tasks one below the other."""
    return charts.in_each_language(partial(_chart, record))


def _chart(record: Record, language: str) -> str:
    words = WORDS[language]
    alt = [
        words["alt"].format_map(
            {"task": words[task]}
            | {way: charts.milliseconds(record.milliseconds[way][task]) for way in _COLOURS}
        )
        for task in TASKS
    ]
    return charts.chart(partial(_draw, record.milliseconds, words), _WIDTH, _HEIGHT, " ".join(alt))


def _draw(figures: charts.Figures, words: dict[str, str], picture: Any) -> None:
    longest = max(max(figures[way].values()) for way in _COLOURS)
    for bottom, task in zip((0.56, 0.06), TASKS, strict=True):
        axes = picture.add_axes((0.32, bottom, 0.54, 0.31))
        picture.text(0.039, bottom + 0.345, words["title"].format(task=words[task]), color=MUTED)
        axes.set_axis_off()
        axes.set_xlim(0, longest)
        axes.set_ylim(2.5, -0.5)
        for place, (way, colour) in enumerate(_COLOURS.items()):
            figure = figures[way][task]
            axes.barh(place, figure, height=0.6, color=colour)
            axes.text(-0.03 * longest, place, words[way], ha="right", va="center", color=INK)
            axes.text(
                figure + 0.03 * longest, place, charts.milliseconds(figure),
                va="center", color=INK,
            )  # fmt: skip
