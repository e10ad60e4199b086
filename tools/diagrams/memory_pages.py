"""Page maps: the pages of a mapping as cells, filled where the child has a page of its own.

A data file has

    kind = "memory pages"
    transcript = "memory/x.out"     rows "<what the child did>  <own pages> <shared pages>", below
                                    examples/
    panels = ["writes 1"]           the rows to draw, in this order, two in a line
    [text.en] [text.ja]             a title for each panel, and the legend: "own", "shared"

A transcript counts pages and does not say which, so the filled cells are the first ones.
"""

from __future__ import annotations

import re
from typing import Any

from tools.diagrams.data import read_texts
from tools.diagrams.svg import PAD, label, rect, svg, var
from tools.pages import CODES, EXAMPLES

_KEYS = {"kind": str, "transcript": str, "panels": list, "text": dict}
_ROW = re.compile(r"(?P<panel>\S.*?) {2,}(?P<own>\d+) +(?P<shared>\d+)\b.*")

_COLUMNS, _CELL, _GAP = 64, 2.5, 12  # cells in a row, width of one, space between two panels
_SIDE = _COLUMNS * _CELL
_TITLE, _LEGEND = 24, 22


def draw(data: dict[str, Any]) -> dict[str, str]:
    """``{language: "<svg …>…</svg>"}``. Raises ValueError, naming the key that is wrong."""
    for key, kind in _KEYS.items():
        if not isinstance(data.get(key), kind):
            raise ValueError(f"{key}: missing, or not of its type")
    if unknown := data.keys() - _KEYS:
        raise ValueError(f"{min(unknown)}: unknown key")
    panels = _read_panels(data)
    texts = read_texts(data, {"own", "shared", *panels}, set())
    return {language: _draw(panels, texts[language]) for language in CODES}


def _read_panels(data: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """{panel: (own pages, all pages)} of the rows that the data asks for."""
    lines = (EXAMPLES / data["transcript"]).read_text("utf-8").splitlines()
    rows = {m["panel"]: m for m in map(_ROW.fullmatch, lines) if m}
    panels = {}
    for name in data["panels"]:
        if name not in rows:
            raise ValueError(f"panels: no row {name!r} in {data['transcript']}")
        own, shared = int(rows[name]["own"]), int(rows[name]["shared"])
        panels[name] = own, own + shared
    if len({total for _, total in panels.values()}) != 1:
        raise ValueError("panels: not all of one size, or there are none")
    return panels


def _draw(panels: dict[str, tuple[int, int]], text: dict[str, str]) -> str:
    parts, y = [], float(PAD)
    for n, (name, (own, total)) in enumerate(panels.items()):
        x = PAD + n % 2 * (_SIDE + _GAP)
        height = -(-total // _COLUMNS) * _CELL
        parts.append(label(x, y + 14, text[name], "ink", size=12))
        parts.append(label(x + _SIDE, y + 14, str(own), "ink", anchor="end", weight=600))
        parts += _panel(x, y + _TITLE, own, total)
        if n % 2 or n == len(panels) - 1:
            y += _TITLE + height + _GAP
    for n, (name, own) in enumerate([("own", 16), ("shared", 0)]):
        x = PAD + n * (_SIDE + _GAP)
        parts += _panel(x + 1, y + 4, own, 16, columns=4)
        parts.append(label(x + 19, y + 13, text[name], "ink", size=12))
    return svg(parts, y + _LEGEND + PAD - 4)


def _panel(x: float, y: float, own: int, total: int, columns: int = _COLUMNS) -> list[str]:
    rows = -(-total // columns)
    width, height = columns * _CELL, rows * _CELL
    lines = [f"M{x:g} {y + n * _CELL:g}h{width:g}" for n in range(1, rows)]
    lines += [f"M{x + n * _CELL:g} {y:g}v{height:g}" for n in range(1, columns)]
    faint = f"fill:none;stroke:{var('muted')};stroke-width:0.4;stroke-opacity:0.45"
    return [
        f'<path d="{"".join(lines)}" style="{faint}"/>',
        f'<path d="{_filled(x, y, own, columns)}" style="fill:{var("accent")}"/>',
        rect(x - 0.75, y - 0.75, width + 1.5, height + 1.5, 0, stroke="muted"),
    ]


def _filled(x: float, y: float, pages: int, columns: int) -> str:
    """The first *pages* cells, row by row: a block of whole rows, and what is left of one."""
    rows, rest = divmod(pages, columns)
    width, height = columns * _CELL, rows * _CELL
    path = f"M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}z" if rows else ""
    if rest:
        width = rest * _CELL
        path += f"M{x:g} {y + height:g}h{width:g}v{_CELL:g}h{-width:g}z"
    return path
