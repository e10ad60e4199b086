"""What docs/*/memory/cost.py calls: the time to start a child, by the memory of its parent."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import Any

from tools import figures as shared
from tools.figures import ACCENT, INK, LINE, MUTED, WARN, Figures, Html, Rows

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

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "calls": "milliseconds until the call has returned",
        "methods": "multiprocessing: milliseconds until join() has returned",
        "size": "memory the parent has written to",
        "huge pages": "huge pages",
        "preexec_fn": "with preexec_fn",
        "way": "way to start a child",
        "row: preexec_fn": "<code>subprocess</code> with <code>preexec_fn</code>",
        "row: huge pages": "<code>os.fork()</code>, huge pages",
        "said": "Milliseconds, the least of at least 5 rounds.",
        "alt": "Time to start a child, against the memory of its parent from {smallest} to"
        " {largest}, in milliseconds.",
        "alt: way": "{name}: from {first} to {last}.",
    },
    "ja": {
        "calls": "呼び出しから戻るまでの時間（ミリ秒）",
        "methods": "multiprocessing：join() から戻るまでの時間（ミリ秒）",
        "size": "親が書き込んだメモリ",
        "huge pages": "ヒュージページ",
        "preexec_fn": "preexec_fn あり",
        "way": "子の起動方法",
        "row: preexec_fn": "<code>subprocess</code>、<code>preexec_fn</code> あり",
        "row: huge pages": "<code>os.fork()</code>、ヒュージページ",
        "said": "単位はミリ秒。5 回以上測ったうちの最小値。",
        "alt": "子の起動にかかる時間（ミリ秒）。親のメモリは {smallest} から {largest} まで。",
        "alt: way": "{name} は {first} から {last}。",
    },
}

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


def measure(program: str, *sizes: int) -> Figures[int]:
    """Milliseconds by way and megabytes, ``figures["os.fork"][512]``."""
    measured = shared.measure(program, *map(str, sizes), runs=1, is_quiet=_is_quiet)
    rows = {way: {size: measured[str(size)][way] for size in sizes} for way in NAMES}
    return replace(measured, rows=rows)  # type: ignore[arg-type, return-value]


def _is_quiet(by_size: Rows) -> bool:
    """Whether the cheapest call, the first to suffer from other work, took alike everywhere."""
    cheapest = [row["os.posix_spawn"] for row in by_size.values()]
    return max(cheapest) < 2 * min(cheapest)


def _words() -> dict[str, str]:
    return WORDS[shared.language()]


def _sizes(figures: Figures[int]) -> list[int]:
    return list(figures["os.fork"])


def table(figures: Figures[int]) -> Html:
    """Every figure of the chart."""
    words = _words()
    groups = (
        ("", [way for way in NAMES if way not in METHODS]),
        ("multiprocessing", [way for way in NAMES if way in METHODS]),
    )
    body = "\n".join(_rows(figures, group, ways, words) for group, ways in groups)
    return shared.table(figures, words["way"], map(_size, _sizes(figures)), body, words["said"])


def _rows(figures: Figures[int], group: str, ways: list[str], words: dict[str, str]) -> str:
    rows = []
    if group:
        width = len(_sizes(figures)) + 1
        rows.append(f'<tr><th colspan="{width}" scope="rowgroup"><code>{group}</code></th></tr>')
    for way in ways:
        name = words.get(f"row: {way}", f"<code>{NAMES[way]}</code>")
        rows.append(shared.row(name, figures[way].values()))
    return "<tbody>\n" + "\n".join(rows) + "\n</tbody>"


def chart(figures: Figures[int]) -> Html:
    """The calls above, the start methods of multiprocessing below."""
    words = _words()
    smallest, *_, largest = map(_size, _sizes(figures))
    alt = [words["alt"].format(smallest=smallest, largest=largest)]
    for way in NAMES:
        first, *_, last = map(shared.milliseconds, figures[way].values())
        name = re.sub("<[^>]+>", "", words.get(f"row: {way}", NAMES[way]))
        alt.append(words["alt: way"].format(name=name, first=first, last=last))
    return shared.chart(partial(_draw, figures, words), 360, 480, " ".join(alt))


def _draw(figures: Figures[int], words: dict[str, str], picture: Any) -> None:
    for bottom, ways, title in ((0.575, CALLS, "calls"), (0.095, METHODS, "methods")):
        axes = picture.add_axes((0.1, bottom, 0.54, 0.35))
        _panel(axes, figures, ways, words)
        picture.text(0.039, bottom + 0.378, words[title], color=MUTED)
    picture.text(0.1, 0.02, words["size"], color=MUTED)


def _panel(axes: Any, figures: Figures[int], ways: tuple[str, ...], words: dict[str, str]) -> None:
    top = 1.06 * max(max(figures[way].values()) for way in ways)
    sizes = _sizes(figures)
    for way in ways:
        colour, dashes, marker = _STYLES[way]
        axes.plot(
            sizes, list(figures[way].values()), color=colour, linestyle=dashes, marker=marker,
            markersize=4, linewidth=1.5, clip_on=False,
        )  # fmt: skip
    axes.set_xlim(0, sizes[-1])
    axes.set_ylim(0, top)
    axes.set_xticks([size for size in sizes if size % 256 == 0], minor=False)
    axes.set_xticklabels([_size(size) for size in sizes if size % 256 == 0])
    axes.locator_params(axis="y", nbins=5)
    axes.grid(axis="y", color=LINE, linewidth=0.5, alpha=0.5, clip_on=False)
    for way, place in _apart({way: figures[way][sizes[-1]] / top for way in ways}).items():
        axes.annotate(
            words.get(way, NAMES[way]), (sizes[-1], figures[way][sizes[-1]]),
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
    return f"{megabytes // 1024} GB" if megabytes >= 1024 else f"{megabytes} MB"
