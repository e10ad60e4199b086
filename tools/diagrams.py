"""Diagrams of the pages, drawn from ``docs/assets/diagrams/*.toml``.

Two kinds: `kind = "page map"` is of tools.page_map; without a kind it is the descriptor table: at
the left every process with the descriptors it holds, at the right what the kernel keeps once for
all of them. A data file has

    transcript = "descriptors/x.out"    the lines to draw, below examples/, and perhaps
    moment = "two clients connected"    only those after its line "-- two clients connected",
    rows = "A fd=3 file offset"         or the same kind of lines, typed here
    unwanted = ["A 3"]                  descriptors that should not be there: dashed
    [text.en] [text.ja]                 what the words of the rows are called, and "left",
                                        "right" (the captions), "unwanted" (the legend)

A row is ``process fd=<n> [peer=]<what> <state>``, or ``process <state>`` for a process that holds
nothing any more. A state that no language has a text for is a word of the kernel and stays.

``python -m tools.diagrams FOLDER`` writes the drawings, to be looked at.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from tools.pages import DOCS, EXAMPLES, LANGUAGES

DATA = DOCS / "assets/diagrams"

_KEYS = {"transcript": str, "moment": str, "rows": str, "unwanted": list, "text": dict}
_HELD = re.compile(r"(?P<process>\S+)\s+fd=(?P<fd>\d+)\s+(?:peer=)?(?P<what>\S+)\s+(?P<state>.+)")
_ENDED = re.compile(r"(?P<process>\S+)\s+(?P<state>[^\s=]+)")

_WIDTH, _PAD = 360, 14
_TABLE, _CELL = 96, 28  # width of a process, height of one of its descriptors
_BOX_X, _BOX_WIDTH, _BOX_HEIGHT = 206, 140, 50
_FONT = "system-ui,-apple-system,'Segoe UI','Hiragino Sans','Noto Sans CJK JP',sans-serif"
_MONO = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:12px"
_COLOURS = {
    "ink": "#24292f",
    "muted": "#57606a",
    "fill": "#f6f8fa",
    "accent": "#0969da",
    "warn": "#bc4c00",
}


@dataclass
class Table:
    """What a data file says, in the order in which it is drawn."""

    processes: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # (fd, what)
    ended: dict[str, str] = field(default_factory=dict)  # process: its last state
    states: dict[str, str] = field(default_factory=dict)  # what: its state
    unwanted: set[tuple[str, int]] = field(default_factory=set)


def draw_all() -> dict[str, str]:
    """Every drawing: ``{"<name>.<language>.svg": "<svg …>…</svg>"}``.

    Raises ValueError, naming file and key, for a data file that cannot be drawn.
    """
    return {
        f"{path.stem}.{language}.svg": svg
        for path in sorted(DATA.glob("*.toml"))
        for language, svg in _draw_file(path)
    }


def _draw_file(path: Path) -> Iterator[tuple[str, str]]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
        if data.get("kind") == "page map":
            from tools import page_map  # which draws with what stands below

            yield from page_map.draw(data).items()
            return
        for key, value in data.items():
            if not isinstance(value, _KEYS.get(key, ())):
                raise ValueError(f"{key}: unknown key, or not of its type")
        table = _read_table(data)
        texts = _read_texts(data, table)
    except (ValueError, OSError) as error:  # TOMLDecodeError is a ValueError
        raise ValueError(f"{path}: {error}") from None
    for language in LANGUAGES:
        yield language, _draw(table, texts[language])


def _read_table(data: dict[str, Any]) -> Table:
    table = Table()
    for line in _lines(data):
        if row := _HELD.fullmatch(line.strip()):
            process, what, state = row["process"], row["what"], row["state"]
            if table.states.setdefault(what, state) != state:
                raise ValueError(f"rows: {what} is both {table.states[what]!r} and {state!r}")
            table.processes.setdefault(process, []).append((int(row["fd"]), what))
        elif row := _ENDED.fullmatch(line.strip()):
            table.processes.setdefault(row["process"], [])
            table.ended[row["process"]] = row["state"]
        else:
            raise ValueError(f"rows: not a row: {line!r}")
    for process in table.ended:
        if table.processes[process]:
            raise ValueError(f"rows: {process} has ended, and holds descriptors")
    if not table.states:
        raise ValueError("rows: nobody holds a descriptor")
    descriptors = {(process, fd) for process, held in table.processes.items() for fd, _ in held}
    for name in data.get("unwanted", []):
        process, _, fd = str(name).rpartition(" ")
        if not fd.isdigit() or (process, int(fd)) not in descriptors:
            raise ValueError(f"unwanted: no process holds {name!r}")
        table.unwanted.add((process, int(fd)))
    return table


def _lines(data: dict[str, Any]) -> list[str]:
    """The rows of a data file, from the one place it names."""
    if ("rows" in data) == ("transcript" in data):
        raise ValueError("rows: give either rows or transcript")
    if "rows" in data:
        lines = str(data["rows"]).strip().splitlines()
    else:
        lines = (EXAMPLES / data["transcript"]).read_text("utf-8").splitlines()[1:]
    if "moment" in data:
        heading = f"-- {data['moment']}"
        if heading not in lines:
            raise ValueError(f"moment: no line {heading!r}")
        lines = lines[lines.index(heading) + 1 :]
        lines = lines[: next((n for n, s in enumerate(lines) if s.startswith("-- ")), None)]
    if not lines:
        raise ValueError("rows: there are none")
    return lines


def _read_texts(data: dict[str, Any], table: Table) -> dict[str, dict[str, str]]:
    """The texts of each language; a state that has none stands for itself."""
    texts = data.get("text", {})
    for language in LANGUAGES:
        if not isinstance(texts.get(language), dict):
            raise ValueError(f"text.{language}: no such table")
    states = {*table.states.values(), *table.ended.values()}
    known = {key for language in LANGUAGES for key in texts.get(language, {})}
    needed = {"left", "right", *table.processes, *table.states, *(states & known)}
    needed |= {"unwanted"} if table.unwanted else set()
    for language in LANGUAGES:
        if missing := needed - texts.get(language, {}).keys():
            raise ValueError(f"text.{language}: no {min(missing)!r}")
    if unused := known - needed:
        raise ValueError(f"text: nothing is called {min(unused)!r}")
    return {language: {s: s for s in states} | texts[language] for language in LANGUAGES}


def _draw(table: Table, text: dict[str, str]) -> str:
    parts = [
        _label(_PAD, 26, text["left"], "muted", size=12),
        _label(_WIDTH - _PAD, 26, text["right"], "muted", size=12, anchor="end"),
    ]
    ends: dict[str, list[tuple[float, bool]]] = {what: [] for what in table.states}
    top = y = 44
    for process, held in table.processes.items():
        parts.append(_label(_PAD, y + 12, text[process], "ink", weight=600))
        y += 20
        if process in table.ended:
            parts.append(_rect(_PAD, y + 2.5, _TABLE, _CELL - 5, 4, stroke="muted", dashes="2 4"))
            parts.append(_label(_PAD + 10, y + 18.5, text[table.ended[process]], "muted", size=12))
            y += _CELL
        for fd, what in held:
            unwanted = (process, fd) in table.unwanted
            parts += _cell(y, fd, unwanted)
            ends[what].append((y + _CELL / 2, unwanted))
            y += _CELL
        y += 16
    bottom = max(y - 16, top + len(ends) * (_BOX_HEIGHT + 14) - 14)
    step = (bottom - top) / len(ends)
    for n, (what, lines) in enumerate(ends.items()):
        box = top + step * (n + 0.5) - _BOX_HEIGHT / 2
        for k, (start, unwanted) in enumerate(lines):
            parts.append(_curve(start, box + _BOX_HEIGHT * (k + 1) / (len(lines) + 1), unwanted))
        parts += _box(box, text[what], text[table.states[what]])
    height = bottom + _PAD
    if table.unwanted:
        parts.append(_line(f"M{_PAD} {bottom + 24}h28", "warn", "5 4"))
        parts.append(_label(_PAD + 36, bottom + 28, text["unwanted"], "ink", size=12))
        height += 28
    return _svg(parts, height)


def _svg(parts: list[str], height: float) -> str:
    size = f'viewBox="0 0 {_WIDTH} {height:g}" width="{_WIDTH}" height="{height:g}"'
    card = _rect(0.5, 0.5, _WIDTH - 1, height - 1, 8, fill="fill")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{_FONT}">'
    return "\n".join([head, card, *parts, "</svg>", ""])


def _cell(y: float, fd: int, unwanted: bool) -> list[str]:
    colour, dashes = ("warn", "5 4") if unwanted else ("accent", "")
    right = _PAD + _TABLE
    dot = f'<circle cx="{right}" cy="{y + _CELL / 2:g}" r="3.5" style="fill:{_var(colour)}"/>'
    return [
        _rect(_PAD, y + 2.5, _TABLE, _CELL - 5, 4, stroke=colour, dashes=dashes),
        _label(_PAD + 10, y + 18.5, str(fd), "ink", style=_MONO),
        dot,
    ]


def _box(y: float, title: str, state: str) -> list[str]:
    middle = _BOX_X + _BOX_WIDTH / 2
    return [
        _rect(_BOX_X, y, _BOX_WIDTH, _BOX_HEIGHT, 10, stroke="accent", fill="fill"),
        _label(middle, y + 21, title, "ink", anchor="middle"),
        _label(middle, y + 39, state, "muted", anchor="middle", style=_MONO),
    ]


def _curve(start: float, end: float, unwanted: bool) -> str:
    left, right = _PAD + _TABLE, _BOX_X
    middle = (left + right) / 2
    path = f"M{left} {start:g}C{middle:g} {start:g} {middle:g} {end:g} {right} {end:g}"
    return _line(path, "warn" if unwanted else "accent", "5 4" if unwanted else "")


def _line(path: str, colour: str, dashes: str = "") -> str:
    dashed = f";stroke-dasharray:{dashes}" if dashes else ""
    return f'<path d="{path}" style="fill:none;stroke:{_var(colour)};stroke-width:1.5{dashed}"/>'


def _rect(
    x: float, y: float, w: float, h: float, r: float, *,
    stroke: str = "", fill: str = "", dashes: str = "",
) -> str:  # fmt: skip
    style = f"fill:{_var(fill) if fill else 'none'};stroke:{_var(stroke) if stroke else 'none'}"
    style += f";stroke-width:1.5{f';stroke-dasharray:{dashes}' if dashes else ''}"
    at = f'x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="{r:g}"'
    return f'<rect {at} style="{style}"/>'


def _label(
    x: float, y: float, text: str, colour: str, *,
    size: int = 13, anchor: str = "start", weight: int = 400, style: str = "",
) -> str:  # fmt: skip
    font = style or f"font-size:{size}px;font-weight:{weight}"
    css = f"fill:{_var(colour)};text-anchor:{anchor};{font}"
    return f'<text x="{x:g}" y="{y:g}" style="{css}">{escape(text)}</text>'


def _var(colour: str) -> str:
    return f"var(--diagram-{colour},{_COLOURS[colour]})"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tools.diagrams FOLDER")
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, svg in draw_all().items():
        (folder / name).write_text(svg, "utf-8")
        print(folder / name)
