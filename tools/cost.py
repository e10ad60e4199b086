"""What docs/*/memory/cost.py calls: run one program of ``examples/``, draw and list its figures.

The program is measured once. Its figures lie in the folder that tools/notebooks.py names in the
environment, so the second language and the next build of ``mkdocs serve`` find them there; a
notebook opened by hand has no such folder and measures anew. No figure is ever committed.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import warnings
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any

from tools.pages import EXAMPLES

FOLDER = "AFTER_FORK_NOTEBOOKS"  # names of environment variables
LANGUAGE = "AFTER_FORK_LANGUAGE"

RUNS = 3

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
        "where": "Milliseconds, the least of at least 3 rounds."
        " {system}, {cpus} CPUs, Python {python}, {date}",
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
        "where": "単位はミリ秒。3 回以上測ったうちの最小値。"
        "{system}、{cpus} CPU、Python {python}、{date}",
        "alt": "子の起動にかかる時間（ミリ秒）。親のメモリは {smallest} から {largest} まで。",
        "alt: way": "{name} は {first} から {last}。",
    },
}

# What matplotlib is told to paint with, and what the page's style sheet turns it into.
_INKS = {
    "#010101": "var(--diagram-ink,#24292f)",
    "#020202": "var(--diagram-muted,#57606a)",
    "#030303": "var(--diagram-line,#8c959f)",
    "#040404": "var(--diagram-accent,#0969da)",
    "#050505": "var(--diagram-warn,#bc4c00)",
}
_INK, _MUTED, _LINE, _ACCENT, _WARN = _INKS
_STYLES = {
    "os.fork": (_INK, "-", "o"),
    "preexec_fn": (_WARN, (0, (5, 2)), "s"),
    "huge pages": (_INK, (0, (1, 2)), "D"),
    "os.posix_spawn": (_ACCENT, "-", "^"),
    "subprocess": (_ACCENT, (0, (5, 2)), "v"),
    "fork": (_INK, "-", "o"),
    "forkserver": (_ACCENT, (0, (5, 2)), "v"),
    "spawn": (_ACCENT, "-", "^"),
}
_WIDTH, _HEIGHT = 360, 480


@dataclass(frozen=True)
class Figures:
    """Milliseconds by way and megabytes, ``figures["os.fork"][512]``; and where and when."""

    ways: dict[str, dict[int, float]]
    system: str
    python: str
    cpus: int
    date: str

    def __getitem__(self, way: str) -> dict[int, float]:
        return self.ways[way]

    @property
    def sizes(self) -> list[int]:
        return list(next(iter(self.ways.values())))


@dataclass(frozen=True)
class Html:
    """What a cell shows."""

    text: str

    def _repr_html_(self) -> str:
        return self.text


def measure(program: str, *sizes: int) -> Figures:
    """What *program* of ``examples/`` prints when it is given *sizes*; run once for all."""
    source = EXAMPLES / program
    folder = os.environ.get(FOLDER)
    if not folder:
        return _run(source, sizes)
    key = hashlib.sha256(source.read_bytes() + repr((sizes, sys.version)).encode()).hexdigest()
    stored = Path(folder, f"{source.stem}-{key[:16]}.json")
    if not stored.exists():
        stored.write_text(json.dumps(asdict(_run(source, sizes))), "utf-8")
    data = json.loads(stored.read_text("utf-8"))
    data["ways"] = {way: _by_size(row) for way, row in data["ways"].items()}
    return Figures(**data)


def _run(source: Path, sizes: tuple[int, ...]) -> Figures:
    """The least of one run of the program, or of up to RUNS on a machine with other work."""
    by_size = _run_once(source, sizes)
    for _ in range(RUNS - 1):
        if _is_quiet(by_size):
            break
        again = _run_once(source, sizes)
        for size, row in by_size.items():
            by_size[size] = {way: min(ms, again[size][way]) for way, ms in row.items()}
    return Figures(
        ways={way: _by_size({s: row[way] for s, row in by_size.items()}) for way in NAMES},
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=platform.python_version(),
        cpus=os.cpu_count() or 1,
        date=datetime.now(UTC).date().isoformat(),
    )


def _run_once(source: Path, sizes: tuple[int, ...]) -> dict[str, dict[str, float]]:
    printed = subprocess.run(
        [sys.executable, source.name, *map(str, sizes)],
        cwd=source.parent,
        env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        timeout=120,
        check=True,
    ).stdout
    by_size: dict[str, dict[str, float]] = json.loads(printed)
    return by_size


def _is_quiet(by_size: dict[str, dict[str, float]]) -> bool:
    """Whether the cheapest call, the first to suffer from other work, took alike everywhere."""
    cheapest = [row["os.posix_spawn"] for row in by_size.values()]
    return max(cheapest) < 2 * min(cheapest)


def _by_size(row: dict[str, float]) -> dict[int, float]:
    return {int(size): milliseconds for size, milliseconds in row.items()}


def _words() -> dict[str, str]:
    return WORDS[os.environ.get(LANGUAGE, "en")]


def table(figures: Figures) -> Html:
    """Every figure of the chart, and where and when it was measured."""
    words = _words()
    head = "".join(f'<th scope="col">{_size(size)}</th>' for size in figures.sizes)
    groups = (
        ("", [way for way in NAMES if way not in METHODS]),
        ("multiprocessing", [way for way in NAMES if way in METHODS]),
    )
    body = "\n".join(_rows(figures, group, ways, words) for group, ways in groups)
    where = words["where"].format_map(asdict(figures))
    return Html(
        f'<div class="figures">\n<table>\n<thead><tr><th scope="col">{words["way"]}</th>{head}</tr>'
        f"</thead>\n{body}\n</table>\n<p>{escape(where)}</p>\n</div>"
    )


def _rows(figures: Figures, group: str, ways: list[str], words: dict[str, str]) -> str:
    rows = []
    if group:
        width = len(figures.sizes) + 1
        rows.append(f'<tr><th colspan="{width}" scope="rowgroup"><code>{group}</code></th></tr>')
    for way in ways:
        name = words.get(f"row: {way}", f"<code>{NAMES[way]}</code>")
        cells = "".join(f"<td>{_figure(ms)}</td>" for ms in figures[way].values())
        rows.append(f'<tr><th scope="row">{name}</th>{cells}</tr>')
    return "<tbody>\n" + "\n".join(rows) + "\n</tbody>"


def chart(figures: Figures) -> Html:
    """The calls above, the start methods of multiprocessing below, as SVG of the page."""
    words = _words()
    alt = [words["alt"].format(smallest=_size(figures.sizes[0]), largest=_size(figures.sizes[-1]))]
    for way in NAMES:
        first, *_, last = figures[way].values()
        name = re.sub("<[^>]+>", "", words.get(f"row: {way}", NAMES[way]))
        alt.append(words["alt: way"].format(name=name, first=_figure(first), last=_figure(last)))
    svg = _as_part_of_the_page(_draw(figures, words), " ".join(alt))
    return Html(f'<figure class="diagram">{svg}</figure>')


def _draw(figures: Figures, words: dict[str, str]) -> str:
    import matplotlib
    from matplotlib.figure import Figure

    settings: Any = {
        "svg.fonttype": "none",
        "svg.hashsalt": "after-fork",
        "font.size": 11,
        "text.color": _INK,
        "axes.edgecolor": _LINE,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "xtick.color": _LINE,
        "ytick.color": _LINE,
        "xtick.labelcolor": _MUTED,
        "ytick.labelcolor": _MUTED,
        "ytick.major.size": 0,
    }
    with matplotlib.rc_context(settings):
        picture = Figure(figsize=(_WIDTH / 72, _HEIGHT / 72))
        for bottom, ways, title in ((0.575, CALLS, "calls"), (0.095, METHODS, "methods")):
            axes = picture.add_axes((0.1, bottom, 0.54, 0.35))
            _panel(axes, figures, ways, words)
            picture.text(0.039, bottom + 0.378, words[title], color=_MUTED)
        picture.text(0.1, 0.02, words["size"], color=_MUTED)
        written = StringIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Japanese glyphs are the browser's business
            picture.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    return written.getvalue()


def _panel(axes: Any, figures: Figures, ways: tuple[str, ...], words: dict[str, str]) -> None:
    top = 1.06 * max(max(figures[way].values()) for way in ways)
    sizes = figures.sizes
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
    axes.grid(axis="y", color=_LINE, linewidth=0.5, alpha=0.5, clip_on=False)
    for way, place in _apart({way: figures[way][sizes[-1]] / top for way in ways}).items():
        axes.annotate(
            words.get(way, NAMES[way]), (sizes[-1], figures[way][sizes[-1]]),
            xytext=(1.09, place), textcoords="axes fraction", va="center", color=_STYLES[way][0],
            arrowprops={
                "arrowstyle": "-", "color": _LINE, "linewidth": 0.7,
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


def _as_part_of_the_page(svg: str, alt: str) -> str:
    """The drawing in the colours and the type of the page, without what a page does not need."""
    body = svg[svg.index("<g ") : svg.rindex("</svg>")]
    body = re.sub(r'<g id="patch_\d+">\s*<path [^>]*"fill: none"/>\s*</g>', "", body)  # no frames
    body = re.sub(r' id="[^"]*"(?! d=)| transform="rotate[^"]*"|font-family: [^;]*; ', "", body)
    body = re.sub(r"</?g>", "", body)
    body = re.sub(r"-?\d+\.\d+", lambda number: f"{float(number[0]):.4g}", body)
    body = re.sub(r"\s*\n\s*", " ", body).replace("> <", "><")
    for paint, ink in _INKS.items():
        body = body.replace(paint, ink)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' role="img" aria-label="{escape(alt)}" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        f' width="{_WIDTH}" height="{_HEIGHT}" stroke-linejoin="round">'
        f'<rect x="0.5" y="0.5" width="{_WIDTH - 1}" height="{_HEIGHT - 1}" rx="8"'
        f' style="fill:var(--diagram-fill,#f6f8fa)"/>{body}</svg>'
    )


def _size(megabytes: int) -> str:
    return f"{megabytes // 1024} GB" if megabytes >= 1024 else f"{megabytes} MB"


def _figure(milliseconds: float) -> str:
    return f"{milliseconds:.2f}" if milliseconds < 10 else f"{milliseconds:.0f}"
