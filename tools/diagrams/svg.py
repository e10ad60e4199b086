"""The primitives that every diagram is drawn with, in the colours of the page."""

from __future__ import annotations

from html import escape
from unicodedata import east_asian_width

WIDTH, PAD = 360, 14
_FONT = "system-ui,-apple-system,'Segoe UI','Hiragino Sans','Noto Sans CJK JP',sans-serif"
_CODE_FONT = "var(--code-font,ui-monospace,SFMono-Regular,Menlo,Consolas,monospace)"
MONO = f"font-family:{_CODE_FONT};font-size:12px"
_COLOURS = {
    "ink": "#24292f",
    "muted": "#57606a",
    "fill": "#f6f8fa",
    "line": "#8c959f",
    "accent": "#0969da",
    "warn": "#bc4c00",
}

# Of Latin letters, as wide as DejaVu Sans and DejaVu Sans Mono have them.
_EMS = {0.32: " ,.:;'|ijl", 0.42: "frt()[]/-", 0.98: "mMW%", 0.82: "w=+<>@"}
_EM_CODE = 0.61


def svg(parts: list[str], height: float) -> str:
    size = f'viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}"'
    card = rect(0.5, 0.5, WIDTH - 1, height - 1, 8, fill="fill")
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{_FONT}">'
    return "\n".join([head, card, *parts, "</svg>", ""])


def line(path: str, colour: str, dashes: str = "") -> str:
    dashed = f";stroke-dasharray:{dashes}" if dashes else ""
    return f'<path d="{path}" style="fill:none;stroke:{var(colour)};stroke-width:1.5{dashed}"/>'


def rect(
    x: float, y: float, w: float, h: float, r: float, *,
    stroke: str = "", fill: str = "", dashes: str = "",
) -> str:  # fmt: skip
    style = f"fill:{var(fill) if fill else 'none'};stroke:{var(stroke) if stroke else 'none'}"
    style += f";stroke-width:1.5{f';stroke-dasharray:{dashes}' if dashes else ''}"
    at = f'x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="{r:g}"'
    return f'<rect {at} style="{style}"/>'


def label(
    x: float, y: float, text: str, colour: str, *,
    size: int = 13, anchor: str = "start", weight: int = 400, style: str = "",
) -> str:  # fmt: skip
    font = style or f"font-size:{size}px;font-weight:{weight}"
    css = f"fill:{var(colour)};text-anchor:{anchor};{font}"
    return f'<text x="{x:g}" y="{y:g}" style="{css}">{escape(text)}</text>'


def var(colour: str) -> str:
    return f"var(--diagram-{colour},{_COLOURS[colour]})"


def width(text: str, *, size: int = 12, code: bool = False) -> float:
    """About as many pixels as *text* takes in the widest of the fonts that a reader may have."""
    return size * sum(_EM_CODE if code and ord(c) < 256 else _em(c) for c in text)


def _em(character: str) -> float:
    if east_asian_width(character) in "WF":
        return 1
    return next((em for em, characters in _EMS.items() if character in characters), 0.62)
