"""What a notebook shows: figures recorded beside their program, as charts and tables.

A cell reads a record and draws it. tools/commands/measure.py writes the record, and holds what a
measurement promises here: ratios, which are the same on other machines, as milliseconds are not.
"""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from html import escape
from io import StringIO
from math import inf
from pathlib import Path
from typing import Any

from tools import words
from tools.pages import CODES, EXAMPLES

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

Figures = dict[str, dict[str, float]]  # a row for each name, of milliseconds by column


@dataclass(frozen=True)
class Record:
    """What a program measured; and by which program, where and when."""

    program: str  # SHA-256 of its source
    command: str
    runs: int  # of which each figure is the least
    processor: str
    cpus: int
    system: str
    python: str
    date: str
    milliseconds: Figures


@dataclass(frozen=True)
class Ratio:
    """One figure divided by another, and between which bounds it lies on any machine."""

    over: tuple[str, str]  # row and column
    under: tuple[str, str]
    low: float = 0
    high: float = inf

    def of(self, figures: Figures) -> float:
        over, under = (figures[row][column] for row, column in (self.over, self.under))
        return over / under

    def holds(self, figures: Figures, to_spare: float = 1) -> bool:
        return self.low * to_spare < self.of(figures) < self.high / to_spare

    @property
    def bounds(self) -> str:
        if self.low and self.high < inf:
            return f"{self.low:g}–{self.high:g}"
        return f"> {self.low:g}" if self.low else f"< {self.high:g}"


@dataclass(frozen=True)
class Measurement:
    """A program of ``examples/`` that prints figures, and what must hold in them."""

    program: str
    arguments: tuple[str, ...]
    runs: int  # at least
    ratios: tuple[Ratio, ...]

    @property
    def source(self) -> Path:
        return EXAMPLES / self.program

    @property
    def path(self) -> Path:
        """Where the record lies."""
        return self.source.with_suffix(".figures.json")

    @property
    def command(self) -> str:
        return " ".join(("python", self.source.name, *self.arguments))

    def digest(self) -> str:
        """What tells whether the program is still the one that was measured."""
        return hashlib.sha256(self.source.read_bytes()).hexdigest()

    def is_current(self) -> bool:
        return self.path.exists() and _read(self.path).program == self.digest()

    def holds(self, figures: Figures, to_spare: float = 1) -> bool:
        return all(ratio.holds(figures, to_spare) for ratio in self.ratios)

    def broken(self, figures: Figures) -> list[str]:
        """The ratios that do not hold."""
        return [
            f"{' '.join(ratio.over)} / {' '.join(ratio.under)} = {ratio.of(figures):.2f},"
            f" not {ratio.bounds}"
            for ratio in self.ratios
            if not ratio.holds(figures)
        ]


@dataclass(frozen=True)
class Html:
    """What a cell shows, in each language: tools/site/notebooks.py takes the one of the page."""

    texts: dict[str, str]

    def _repr_html_(self) -> str:
        return "".join(f'<div lang="{code}">{text}</div>' for code, text in self.texts.items())


def in_each_language(show: Callable[[str], str]) -> Html:
    """What *show* makes for the code of a language."""
    return Html({language: show(language) for language in CODES})


def read(record: str) -> Record:
    """The record of that name below ``examples/``."""
    return _read(EXAMPLES / record)


def _read(path: Path) -> Record:
    return Record(**json.loads(path.read_text("utf-8")))


def table(record: Record, corner: str, columns: Iterable[str], body: str, language: str) -> str:
    """The rows in *body* under their *columns*, and where and when they were measured."""
    facts = {name: escape(str(value)) for name, value in asdict(record).items()}
    where = words.say("figures.where", language, **facts)
    return _table((corner, *columns), body, f"<p>{where}</p>\n")


def row(name: str, figures: Iterable[float]) -> str:
    """One row of a table; *name* is HTML."""
    return _row(name, map(milliseconds, figures))


def ratios(record: Record, measurement: Measurement, name: Callable[[Ratio, str], str]) -> Html:
    """Each ratio by its *name* in a language: what was recorded, and what is required."""
    figures = {ratio: f"{ratio.of(record.milliseconds):.2f}" for ratio in measurement.ratios}

    def show(language: str) -> str:
        rows = [
            _row(name(ratio, language), (figure, escape(ratio.bounds)))
            for ratio, figure in figures.items()
        ]
        columns = (
            words.say("figures.ratios.ratio", language),
            words.say("figures.ratios.recorded", language),
            words.say("figures.ratios.required", language),
        )
        return _table(columns, "<tbody>\n" + "\n".join(rows) + "\n</tbody>")

    return in_each_language(show)


def _table(head: Iterable[str], body: str, below: str = "") -> str:
    cells = "".join(f'<th scope="col">{name}</th>' for name in head)
    return (
        f'<div class="figures">\n<table>\n<thead><tr>{cells}</tr></thead>\n{body}\n</table>\n'
        f"{below}</div>"
    )


def _row(name: str, cells: Iterable[str]) -> str:
    return f'<tr><th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def milliseconds(figure: float) -> str:
    return f"{figure:.2f}" if figure < 10 else f"{figure:.0f}"


def chart(draw: Callable[[Any], None], width: int, height: int, alt: str) -> str:
    """What *draw* puts on a matplotlib figure, as SVG in the colours and the type of the page."""
    import matplotlib

    matplotlib.set_loglevel("ERROR")  # on a slow machine it tells that it looks through the fonts
    from matplotlib.figure import Figure

    with matplotlib.rc_context(_SETTINGS):
        picture = Figure(figsize=(width / 72, height / 72))
        draw(picture)
        written = StringIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Japanese glyphs are the browser's business
            picture.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    svg = _as_part_of_the_page(written.getvalue(), width, height, alt)
    return f'<figure class="diagram">{svg}</figure>'


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
