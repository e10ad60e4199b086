"""The descriptor table: at the left every process with the descriptors it holds, at the right what
the kernel keeps once for all of them. A data file has

    kind = "descriptor table"
    transcript = "descriptors/x.out"    the lines to draw, below examples/, and perhaps
    moment = "two clients connected"    only those after its line "-- two clients connected",
    rows = "A fd=n file offset"         or a sketch: such lines typed here, with letters, since
                                        a number would be one that no program printed
    unwanted = ["A 3"]                  descriptors that should not be there: dashed
    [text.en] [text.ja]                 what the words of the rows are called, and "left",
                                        "right" (the captions), "unwanted" (the legend)

A row is ``process fd=<number> [peer=]<what> <state>``, or ``process <state>`` for a process that
holds nothing any more. A state that no language has a text for is a word of the kernel and stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tools.diagrams.data import read_texts
from tools.diagrams.svg import MONO, PAD, WIDTH, label, line, rect, svg, var
from tools.pages import CODES, EXAMPLES

_KEYS = {"kind": str, "transcript": str, "moment": str, "rows": str, "unwanted": list, "text": dict}
_HELD = re.compile(r"(?P<process>\S+)\s+fd=(?P<fd>\w+)\s+(?:peer=)?(?P<what>\S+)\s+(?P<state>.+)")
_ENDED = re.compile(r"(?P<process>\S+)\s+(?P<state>[^\s=]+)")

_TABLE, _CELL = 96, 28  # width of a process, height of one of its descriptors
_BOX_X, _BOX_WIDTH, _BOX_HEIGHT = 206, 140, 50


@dataclass
class Table:
    """What a data file says, in the order in which it is drawn."""

    processes: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # (fd, what)
    ended: dict[str, str] = field(default_factory=dict)  # process: its last state
    states: dict[str, str] = field(default_factory=dict)  # what: its state
    unwanted: set[tuple[str, str]] = field(default_factory=set)


def draw(data: dict[str, Any]) -> dict[str, str]:
    """``{language: "<svg …>…</svg>"}``. Raises ValueError, naming the key that is wrong."""
    for key, value in data.items():
        if not isinstance(value, _KEYS.get(key, ())):
            raise ValueError(f"{key}: unknown key, or not of its type")
    table = _read_table(data)
    texts = _read_texts(data, table)
    return {language: _draw(table, texts[language]) for language in CODES}


def _read_table(data: dict[str, Any]) -> Table:
    table = Table()
    for row_line in _lines(data):
        if row := _HELD.fullmatch(row_line.strip()):
            process, what, state = row["process"], row["what"], row["state"]
            if table.states.setdefault(what, state) != state:
                raise ValueError(f"rows: {what} is both {table.states[what]!r} and {state!r}")
            table.processes.setdefault(process, []).append((row["fd"], what))
        elif row := _ENDED.fullmatch(row_line.strip()):
            table.processes.setdefault(row["process"], [])
            table.ended[row["process"]] = row["state"]
        else:
            raise ValueError(f"rows: not a row: {row_line!r}")
    for process in table.ended:
        if table.processes[process]:
            raise ValueError(f"rows: {process} has ended, and holds descriptors")
    if not table.states:
        raise ValueError("rows: nobody holds a descriptor")
    descriptors = {(process, fd) for process, held in table.processes.items() for fd, _ in held}
    for name in data.get("unwanted", []):
        process, _, fd = str(name).rpartition(" ")
        if (process, fd) not in descriptors:
            raise ValueError(f"unwanted: no process holds {name!r}")
        table.unwanted.add((process, fd))
    return table


def _lines(data: dict[str, Any]) -> list[str]:
    """The rows of a data file, from the one place it names."""
    if ("rows" in data) == ("transcript" in data):
        raise ValueError("rows: give either rows or transcript")
    if "rows" in data:
        lines = str(data["rows"]).strip().splitlines()
        if numbered := [row for row in lines if re.search(r"\bfd=\d", row)]:
            raise ValueError(
                f"rows: {numbered[0]!r} has a number that no program printed: draw the transcript "
                "of one (transcript = …), or sketch with a letter, as in fd=n"
            )
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
    needed = {"left", "right", *table.processes, *table.states}
    needed |= {"unwanted"} if table.unwanted else set()
    return read_texts(data, needed, {*table.states.values(), *table.ended.values()})


def _draw(table: Table, text: dict[str, str]) -> str:
    parts = [
        label(PAD, 26, text["left"], "muted", size=12),
        label(WIDTH - PAD, 26, text["right"], "muted", size=12, anchor="end"),
    ]
    ends: dict[str, list[tuple[float, bool]]] = {what: [] for what in table.states}
    top = y = 44
    for process, held in table.processes.items():
        parts.append(label(PAD, y + 12, text[process], "ink", weight=600))
        y += 20
        if process in table.ended:
            parts.append(rect(PAD, y + 2.5, _TABLE, _CELL - 5, 4, stroke="muted", dashes="2 4"))
            parts.append(label(PAD + 10, y + 18.5, text[table.ended[process]], "muted", size=12))
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
    height = bottom + PAD
    if table.unwanted:
        parts.append(line(f"M{PAD} {bottom + 24}h28", "warn", "5 4"))
        parts.append(label(PAD + 36, bottom + 28, text["unwanted"], "ink", size=12))
        height += 28
    return svg(parts, height)


def _cell(y: float, fd: str, unwanted: bool) -> list[str]:
    colour, dashes = ("warn", "5 4") if unwanted else ("accent", "")
    right = PAD + _TABLE
    dot = f'<circle cx="{right}" cy="{y + _CELL / 2:g}" r="3.5" style="fill:{var(colour)}"/>'
    return [
        rect(PAD, y + 2.5, _TABLE, _CELL - 5, 4, stroke=colour, dashes=dashes),
        label(PAD + 10, y + 18.5, fd, "ink", style=MONO),
        dot,
    ]


def _box(y: float, title: str, state: str) -> list[str]:
    middle = _BOX_X + _BOX_WIDTH / 2
    return [
        rect(_BOX_X, y, _BOX_WIDTH, _BOX_HEIGHT, 10, stroke="accent", fill="fill"),
        label(middle, y + 21, title, "ink", anchor="middle"),
        label(middle, y + 39, state, "muted", anchor="middle", style=MONO),
    ]


def _curve(start: float, end: float, unwanted: bool) -> str:
    left, right = PAD + _TABLE, _BOX_X
    middle = (left + right) / 2
    path = f"M{left} {start:g}C{middle:g} {start:g} {middle:g} {end:g} {right} {end:g}"
    return line(path, "warn" if unwanted else "accent", "5 4" if unwanted else "")
