"""What the notebooks share: one measurement for all who ask, and how a page shows figures.

A program of ``examples/`` prints its figures as JSON, one object of numbers for each row. They lie
in the folder that tools/notebooks.py names in the environment, so the second language and the next
build of ``mkdocs serve`` find them there; a notebook opened by hand has no such folder and measures
anew. No figure is ever committed.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
import sys
import sysconfig
import warnings
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any, Generic, TypeVar

from tools.pages import EXAMPLES

FOLDER = "AFTER_FORK_NOTEBOOKS"  # names of environment variables
LANGUAGE = "AFTER_FORK_LANGUAGE"

GIL = not sysconfig.get_config_var("Py_GIL_DISABLED")  # whether this build has one
PATIENCE = 3  # how many times as many runs, on a machine with other work

_WHERE = {
    "en": "{said} {system}, {cpus} CPUs, Python {python}, {date}",
    "ja": "{said}{system}、{cpus} CPU、Python {python}、{date}",
}

# What matplotlib is told to paint with, and what the page's style sheet turns it into.
_INKS = {
    "#010101": "var(--diagram-ink,#24292f)",
    "#020202": "var(--diagram-muted,#57606a)",
    "#030303": "var(--diagram-line,#8c959f)",
    "#040404": "var(--diagram-accent,#0969da)",
    "#050505": "var(--diagram-warn,#bc4c00)",
}
INK, MUTED, LINE, ACCENT, WARN = _INKS

_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "after-fork",
    "font.size": 11,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "ytick.major.size": 0,
}

Column = TypeVar("Column")
Rows = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Figures(Generic[Column]):
    """``figures["row"][column]``; and where and when it was measured."""

    rows: dict[str, dict[Column, float]]
    system: str
    python: str
    cpus: int
    gil: bool
    date: str

    def __getitem__(self, row: str) -> dict[Column, float]:
        return self.rows[row]


@dataclass(frozen=True)
class Html:
    """What a cell shows."""

    text: str

    def _repr_html_(self) -> str:
        return self.text


def measure(
    program: str,
    *arguments: str,
    runs: int,
    is_quiet: Callable[[Rows], bool],
    patience: int = PATIENCE,
) -> Figures[str]:
    """What *program* of ``examples/`` prints when it is given *arguments*; asked once for all.

    Each figure is the least of *runs*, and of up to *patience* times as many until *is_quiet* is
    content with what it sees.
    """
    source = EXAMPLES / program
    folder = os.environ.get(FOLDER)
    if not folder:
        return _measured(source, arguments, runs, is_quiet, patience)
    key = hashlib.sha256(source.read_bytes() + repr((arguments, sys.version)).encode()).hexdigest()
    stored = Path(folder, f"{source.stem}-{key[:16]}.json")
    if not stored.exists():
        measured = _measured(source, arguments, runs, is_quiet, patience)
        stored.write_text(json.dumps(asdict(measured)), "utf-8")
    return Figures(**json.loads(stored.read_text("utf-8")))


def _measured(
    source: Path,
    arguments: tuple[str, ...],
    runs: int,
    is_quiet: Callable[[Rows], bool],
    patience: int,
) -> Figures[str]:
    least = _run_once(source, arguments)
    for done in range(1, patience * runs):
        if done >= runs and is_quiet(least):
            break
        again = _run_once(source, arguments)
        for name, row in least.items():
            least[name] = {column: min(ms, again[name][column]) for column, ms in row.items()}
    return Figures(
        rows=least,
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=platform.python_version() + ("" if GIL else "t"),
        cpus=len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1,
        gil=GIL,
        date=datetime.now(UTC).date().isoformat(),
    )


def _run_once(source: Path, arguments: tuple[str, ...]) -> Rows:
    printed = subprocess.run(
        [sys.executable, source.name, *arguments],
        cwd=source.parent,
        env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        timeout=120,
        check=True,
    ).stdout
    rows: Rows = json.loads(printed)
    return rows


def language() -> str:
    """The language of the page whose cells run."""
    return os.environ.get(LANGUAGE, "en")


def table(figures: Figures[Any], corner: str, columns: Iterable[str], body: str, said: str) -> Html:
    """The rows in *body* under their *columns*, and where and when they were measured."""
    head = "".join(f'<th scope="col">{name}</th>' for name in (corner, *columns))
    where = _WHERE[language()].format_map({"said": said, **asdict(figures)})
    return Html(
        f'<div class="figures">\n<table>\n<thead><tr>{head}</tr></thead>\n{body}\n</table>\n'
        f"<p>{escape(where)}</p>\n</div>"
    )


def row(name: str, figures: Iterable[float]) -> str:
    """One row of a table; *name* is HTML."""
    cells = "".join(f"<td>{milliseconds(figure)}</td>" for figure in figures)
    return f'<tr><th scope="row">{name}</th>{cells}</tr>'


def milliseconds(figure: float) -> str:
    return f"{figure:.2f}" if figure < 10 else f"{figure:.0f}"


def chart(draw: Callable[[Any], None], width: int, height: int, alt: str) -> Html:
    """What *draw* puts on a matplotlib figure, as SVG in the colours and the type of the page."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_SETTINGS):
        picture = Figure(figsize=(width / 72, height / 72))
        draw(picture)
        written = StringIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Japanese glyphs are the browser's business
            picture.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    svg = _as_part_of_the_page(written.getvalue(), width, height, alt)
    return Html(f'<figure class="diagram">{svg}</figure>')


def _as_part_of_the_page(svg: str, width: int, height: int, alt: str) -> str:
    """The drawing without what a page does not need."""
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
        f' role="img" aria-label="{escape(alt)}" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" stroke-linejoin="round">'
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8"'
        f' style="fill:var(--diagram-fill,#f6f8fa)"/>{body}</svg>'
    )
