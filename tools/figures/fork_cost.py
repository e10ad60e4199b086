"""What docs/*/memory/cost.py calls: the time to start a child, by the memory of its parent."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from tools import words
from tools.figures import charts
from tools.figures.charts import ACCENT, INK, LINE, MUTED, WARN, Html, Measurement, Ratio, Record

SIZES = (0, 64, 256, 512, 1024)
MEASUREMENT = Measurement(
    "memory/fork_cost.py",
    tuple(map(str, SIZES)),
    runs=5,
    ratios=(
        Ratio(("512", "os.fork"), ("0", "os.fork"), low=5),
        Ratio(("512", "os.fork"), ("512", "os.posix_spawn"), low=5),
        *(
            Ratio(("512", way), ("0", way), low=0.4, high=2.5)
            for way in ("os.posix_spawn", "forkserver", "spawn")
        ),
    ),
)

NAMES = {
    "os.fork": "os.fork()",
    "os.posix_spawn": "os.posix_spawn()",
    "subprocess": "subprocess",
    "preexec_fn": "preexec_fn",
    "huge pages": "huge pages",
    "fork": "fork",
    "forkserver": "forkserver",
    "spawn": "spawn",
}  # as a chart calls them, in the order of the table
CALLS = ("preexec_fn", "os.fork", "huge pages", "os.posix_spawn", "subprocess")
METHODS = ("spawn", "fork", "forkserver")

_STYLES = {
    "os.fork": (INK, "-", "o"),
    "preexec_fn": (WARN, (0, (5, 2)), "s"),
    "huge pages": (INK, (0, (1, 2)), "D"),
    "os.posix_spawn": (ACCENT, "-", "^"),
    "subprocess": (ACCENT, (0, (5, 2)), "v"),
    "fork": (INK, "-", "o"),
    "forkserver": (ACCENT, (0, (5, 2)), "v"),
    "spawn": (ACCENT, "-", "^"),
}


def table(record: Record) -> Html:
    """Every figure of the chart."""
    return charts.in_each_language(partial(_table, record))


def _table(record: Record, language: str) -> str:
    groups = (
        ("", [way for way in NAMES if way not in METHODS]),
        ("multiprocessing", [way for way in NAMES if way in METHODS]),
    )
    body = "\n".join(_rows(record, group, ways, language) for group, ways in groups)
    corner = words.say("figures.fork_cost.way", language)
    return charts.table(record, corner, map(_size, SIZES), body, language)


def _rows(record: Record, group: str, ways: list[str], language: str) -> str:
    rows = []
    if group:
        width = len(SIZES) + 1
        rows.append(f'<tr><th colspan="{width}" scope="rowgroup"><code>{group}</code></th></tr>')
    rows += [charts.row(_name(way, language), _times(record, way)) for way in ways]
    return "<tbody>\n" + "\n".join(rows) + "\n</tbody>"


def _name(way: str, language: str) -> str:
    rows = words.table("figures.fork_cost.rows", language)
    return rows.get(way, f"<code>{NAMES[way]}</code>")


def _times(record: Record, way: str) -> list[float]:
    return [record.milliseconds[str(size)][way] for size in SIZES]


def ratios(record: Record) -> Html:
    """What the measurement must show."""
    return charts.ratios(record, MEASUREMENT, _ratio)


def _ratio(ratio: Ratio, language: str) -> str:
    """``os.fork(): 512 MiB ÷ 0 MiB``, or ``512 MiB: os.fork() ÷ os.posix_spawn()``."""
    sizes, ways = zip(ratio.over, ratio.under, strict=True)
    over, under = (_size(int(size)) for size in sizes)
    if ways[0] == ways[1]:
        return f"{_name(ways[0], language)}: {over} ÷ {under}"
    return f"{over}: {_name(ways[0], language)} ÷ {_name(ways[1], language)}"


def chart(record: Record) -> Html:
    """The calls above, the start methods of multiprocessing below."""
    return charts.in_each_language(partial(_chart, record))


def _chart(record: Record, language: str) -> str:
    smallest, largest = _size(SIZES[0]), _size(SIZES[-1])
    alt = [words.say("figures.fork_cost.alt", language, smallest=smallest, largest=largest)]
    for way in NAMES:
        first, *_, last = map(charts.milliseconds, _times(record, way))
        name = re.sub("<[^>]+>", "", _name(way, language))
        alt.append(
            words.say("figures.fork_cost.alt_way", language, name=name, first=first, last=last)
        )
    return charts.chart(partial(_draw, record, language), 360, 480, " ".join(alt))


def _draw(record: Record, language: str, picture: Any) -> None:
    labels = NAMES | words.table("figures.fork_cost.labels", language)
    for bottom, ways, title in (
        (0.575, CALLS, words.say("figures.fork_cost.calls", language)),
        (0.095, METHODS, words.say("figures.fork_cost.methods", language)),
    ):
        axes = picture.add_axes((0.1, bottom, 0.54, 0.35))
        _panel(axes, {way: _times(record, way) for way in ways}, labels)
        picture.text(0.039, bottom + 0.378, title, color=MUTED)
    picture.text(0.1, 0.02, words.say("figures.fork_cost.size", language), color=MUTED)


def _panel(axes: Any, times: dict[str, list[float]], labels: dict[str, str]) -> None:
    top = 1.06 * max(map(max, times.values()))
    for way, figures in times.items():
        colour, dashes, marker = _STYLES[way]
        axes.plot(
            SIZES, figures, color=colour, linestyle=dashes, marker=marker,
            markersize=4, linewidth=1.5, clip_on=False,
        )  # fmt: skip
    axes.set_xlim(0, SIZES[-1])
    axes.set_ylim(0, top)
    axes.set_xticks([size for size in SIZES if size % 256 == 0], minor=False)
    axes.set_xticklabels([_size(size) for size in SIZES if size % 256 == 0])
    axes.locator_params(axis="y", nbins=5)
    axes.grid(axis="y", color=LINE, linewidth=0.5, alpha=0.5, clip_on=False)
    ends = {way: figures[-1] for way, figures in times.items()}
    for way, place in _apart({way: end / top for way, end in ends.items()}).items():
        axes.annotate(
            labels[way], (SIZES[-1], ends[way]),
            xytext=(1.09, place), textcoords="axes fraction", va="center", color=_STYLES[way][0],
            arrowprops={
                "arrowstyle": "-", "color": LINE, "linewidth": 0.7,
                "relpos": (0, 0.5), "shrinkA": 2, "shrinkB": 5,
            },
        )  # fmt: skip


def _apart(places: dict[str, float], least: float = 0.085) -> dict[str, float]:
    """The places of labels, moved up where two would lie on each other."""
    moved: dict[str, float] = {}
    below = -1.0
    for way, place in sorted(places.items(), key=lambda item: item[1]):
        below = moved[way] = max(place, below + least)
    return moved


def _size(megabytes: int) -> str:
    return f"{megabytes // 1024} GiB" if megabytes >= 1024 else f"{megabytes} MiB"
