"""What docs/*/alternatives/why-fork.py calls: two threads against two processes."""

from __future__ import annotations

from functools import partial
from typing import Any

from tools import figures as shared
from tools.figures import ACCENT, INK, LINE, MUTED, WARN, Figures, Html, Rows

RUNS, PATIENCE = 5, 10
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
        "said": "Milliseconds, the least of at least 5 runs.",
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
        "said": "単位はミリ秒。5 回以上測ったうちの最小値。",
        "alt": "{task} 2 つ分の時間（ミリ秒）。順番には {one by one}、2 プロセスでは"
        " {processes}、2 スレッドでは {threads}。",
    },
}

_COLOURS = {"one by one": LINE, "processes": ACCENT, "threads": WARN}
_WIDTH, _HEIGHT = 360, 250


def measure(program: str, *arguments: str) -> Figures[str]:
    """Milliseconds by way and task, ``figures["threads"]["computing"]``."""
    return shared.measure(program, *arguments, runs=RUNS, is_quiet=_is_quiet, patience=PATIENCE)


def _is_quiet(rows: Rows) -> bool:
    """Whether two processes once had a CPU each, while nothing slowed the others down.

    With a GIL, threads that seem to compute faster than one after the other tell of a disturbance.
    """
    one_by_one, processes, threads = (rows[way]["computing"] for way in _COLOURS)
    steady = not shared.GIL or one_by_one < 1.1 * threads
    return steady and processes < 0.75 * one_by_one


def table(figures: Figures[str]) -> Html:
    """Every figure of the chart."""
    words = WORDS[shared.language()]
    rows = [shared.row(words[way], (figures[way][task] for task in TASKS)) for way in _COLOURS]
    body = "<tbody>\n" + "\n".join(rows) + "\n</tbody>"
    columns = [words[task] for task in TASKS]
    return shared.table(figures, words["way"], columns, body, words["said"])


def chart(figures: Figures[str]) -> Html:
    """A bar for each way, the tasks one below the other."""
    words = WORDS[shared.language()]
    alt = [
        words["alt"].format_map(
            {"task": words[task]}
            | {way: shared.milliseconds(figures[way][task]) for way in _COLOURS}
        )
        for task in TASKS
    ]
    return shared.chart(partial(_draw, figures, words), _WIDTH, _HEIGHT, " ".join(alt))


def _draw(figures: Figures[str], words: dict[str, str], picture: Any) -> None:
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
                figure + 0.03 * longest, place, shared.milliseconds(figure),
                va="center", color=INK,
            )  # fmt: skip
