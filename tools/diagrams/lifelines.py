"""How a timeline is drawn: lines side by side, each from the row where it begins to its end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tools.diagrams.data import BadData
from tools.diagrams.svg import MONO, PAD, WIDTH, label, line, rect, svg, var, width

_LEADING, _GAP = 16, 16  # from one line of a text to the next, and between two rows
_INSET, _BAR, _ROUND = 6, 10, 12  # beside a text in a box, width of a bar, radius of a corner


@dataclass(frozen=True)
class Event:
    """One thing that happens: ``<line> <verb> [<other line>] <what>``, as it is *written*."""

    line: str
    verb: str
    other: str
    what: str
    written: str

    @property
    def begins(self) -> str:
        """The line that was not there before."""
        if self.verb == "forks":
            return self.other
        return self.line if self.verb in ("starts", "inherits") else ""

    @property
    def is_arrow(self) -> bool:
        return self.verb in ("signals", "reaps")


class _Stroke(Enum):
    """How a line goes on: colour and dashes."""

    RUNS = ("accent", "")
    WAITS = ("muted", "6 4")
    ZOMBIE = ("warn", "2 4")
    NONE = ("", "")


@dataclass
class _Life:
    """A line, drawn as far as *y*."""

    x: float
    y: float
    stroke: _Stroke
    double: bool = False  # since it runs another program
    locked: float | None = None  # where the bar of a lock begins
    copy: bool = False  # nothing but a lock, whose thread is not there


def draw(rows: list[list[Event]], text: dict[str, str]) -> str:
    """Raises BadData for a text that is wider than its place."""
    picture = _Picture(rows, text)
    for row in rows:
        picture.add(row)
    return picture.finish()


class _Picture:
    def __init__(self, rows: list[list[Event]], text: dict[str, str]) -> None:
        events = [event for row in rows for event in row]
        begun = [event.begins for event in events if event.begins]
        processes = dict.fromkeys(map(_process_of, begun))
        in_order = [name for process in processes for name in begun if _process_of(name) == process]
        self.pitch = (WIDTH - 2 * PAD) / len(in_order)
        self.x = {name: PAD + (n + 0.5) * self.pitch for n, name in enumerate(in_order)}
        self.text = text
        self.reaped = {event.other for event in events if event.verb == "reaps"}
        self.lives: dict[str, _Life] = {}
        self.frames: dict[str, float] = {}  # process: where its frame begins
        self.lines: list[str] = []
        self.labels: list[str] = []
        self.y = float(PAD)

    def add(self, row: list[Event]) -> None:
        """Draw what is side by side, below everything before it."""
        if seen := [event for event in row if event.what]:
            y = self.y + max(self._above(event) for event in seen)
            for event in seen:
                self._happen(event, y)
            self.y = y + max(self._below(event) for event in seen) + _GAP
        if beginning := [event for event in row if event.begins]:
            self._begin(beginning)

    def finish(self) -> str:
        for life in self.lives.values():
            self._go_on(life, self.y)
            self._end_bar(life)
            if life.stroke is _Stroke.RUNS:
                self.lines.append(_arrowhead(life.x, self.y + 5, 0, 1))
        bottom = self.y + (12 if self.frames else 4)
        frames = [self._frame(process, top, bottom) for process, top in self.frames.items()]
        return svg([*frames, *self.lines, *self.labels], bottom + PAD)

    # How lines begin and go on

    def _begin(self, events: list[Event]) -> None:
        names = [event.begins for event in events]
        for event in events:
            if event.verb == "forks":
                self._branch(self.lives[event.line], self.x[event.other])
        top = self.y
        for process in dict.fromkeys(_process_of(name) for name in names if "." in name):
            self.frames[process] = self.y
            left, right = self._sides(process)
            self._write(process, (left + right) / 2, self.y + 13, right - left, weight=600)
            top = self.y + 26
        bottom = top + max(len(self._text_lines(name)) for name in names) * _LEADING + 4
        for event in events:
            x, name = self.x[event.begins], event.begins
            colour, weight = ("muted", 400) if "." in name else ("ink", 600)
            middle = (top + bottom) / 2 - 2
            self._write(name, x, middle, self.pitch - 12, colour=colour, weight=weight)
            self.lives[name] = _Life(x, bottom, _Stroke.RUNS)
            if event.verb == "inherits":
                self.lives[name] = _Life(x, bottom, _Stroke.NONE, locked=bottom, copy=True)
        self.y = bottom + _GAP

    def _branch(self, life: _Life, x: float) -> None:
        turn = _ROUND if x > life.x else -_ROUND
        path = f"M{life.x:g} {life.y:g}H{x - turn:g}q{turn} 0 {turn} {_ROUND}V{self.y - 3:g}"
        self.lines += [line(path, "accent"), _arrowhead(x, self.y - 2, 0, 1)]

    def _go_on(self, life: _Life, y: float) -> None:
        """Draw a line down to *y* as it was until there."""
        colour, dashes = life.stroke.value
        xs = [life.x - 2, life.x + 2] if life.double else [life.x]
        if colour and y > life.y:
            self.lines += [line(f"M{x:g} {life.y:g}V{y:g}", colour, dashes) for x in xs]
        life.y = y

    def _end_bar(self, life: _Life) -> None:
        if life.locked is not None:
            at = life.x - _BAR / 2, life.locked, _BAR, life.y - life.locked
            held = rect(*at, 3, stroke="accent", fill="accent")
            self.lines.append(rect(*at, 3, stroke="warn", dashes="4 3") if life.copy else held)
            life.locked = None

    def _sides(self, process: str) -> tuple[float, float]:
        xs = [x for name, x in self.x.items() if _process_of(name) == process]
        return min(xs) - self.pitch / 2 + 3, max(xs) + self.pitch / 2 - 3

    def _frame(self, process: str, top: float, bottom: float) -> str:
        left, right = self._sides(process)
        return rect(left, top, right - left, bottom - top, 8, stroke="line")

    # What happens on them

    def _above(self, event: Event) -> float:
        """The room that an event takes above the middle of its row."""
        text = len(self._text_lines(event.what)) * _LEADING
        return text + 6 if event.is_arrow else self._below(event)

    def _below(self, event: Event) -> float:
        text = len(self._text_lines(event.what)) * _LEADING
        return 4 if event.is_arrow else text / 2 + (1 if event.verb == "stays" else 4)

    def _happen(self, event: Event, y: float) -> None:
        life = self.lives[event.line]
        if event.is_arrow:
            self._arrow(event, y)
            return
        self._go_on(life, y)
        self._label(event, y)
        if event.verb == "stays":
            return
        if event.verb == "takes":
            life.locked = y
        if event.verb in ("releases", "exits"):
            self._end_bar(life)
        life.double = life.double or event.verb == "execs"
        life.stroke = _Stroke.RUNS
        if event.verb == "waits":
            life.stroke = _Stroke.WAITS
        if event.verb == "exits":
            life.stroke = _Stroke.ZOMBIE if event.line in self.reaped else _Stroke.NONE
            life.double = False

    def _label(self, event: Event, y: float) -> None:
        """A text on its line, with a box around it unless it only says what stays so."""
        x, stroke = self.x[event.line], "" if event.verb == "stays" else "accent"
        w = max(map(_width, self._text_lines(event.what))) + 2 * _INSET
        h = 2 * self._below(event)
        self.labels.append(rect(x - w / 2, y - h / 2, w, h, 5, stroke=stroke, fill="fill"))
        self._write(event.what, x, y, self.pitch - 2 * _INSET - 4)

    def _arrow(self, event: Event, y: float) -> None:
        """From a line to another; a process that is reaped gives its status, and is gone."""
        start, end = self.lives[event.line], self.lives[event.other]
        if event.verb == "reaps":
            start, end = end, start
            self._go_on(start, y)
            self._go_on(end, y)
            start.stroke, end.stroke = _Stroke.NONE, _Stroke.RUNS
            self.lines.append(line(f"M{start.x - 6:g} {y:g}h12", "warn"))
        towards = 1 if end.x > start.x else -1
        tip = end.x - 3 * towards
        begin = start.x + (9 * towards if event.verb == "reaps" else 0)
        self.lines += [line(f"M{begin:g} {y:g}H{tip:g}", "ink"), _arrowhead(tip, y, towards, 0)]
        middle = y - self._above(event) / 2
        room = abs(end.x - start.x) - 8
        self._write(event.what, (start.x + end.x) / 2, middle, room)

    # Texts

    def _text_lines(self, key: str) -> list[str]:
        return self.text[key].strip().splitlines()

    def _write(
        self, key: str, x: float, y: float, room: float, *, colour: str = "ink", weight: int = 400
    ) -> None:
        """A text with *x* and *y* in its middle."""
        lines = self._text_lines(key)
        first = y - (len(lines) - 1) * _LEADING / 2 + 4.5
        for n, written in enumerate(lines):
            if (needed := _width(written)) > room:
                raise BadData(
                    f"{written!r} is {needed:.0f} wide, and its place {room:.0f}: say it shorter, "
                    "or in two lines",
                    written.strip("`"),
                )
            style = MONO if _is_code(written) else ""
            bold = weight if n == 0 else 400
            at = x, first + n * _LEADING, written.strip("`")
            self.labels.append(
                label(*at, colour, size=12, anchor="middle", weight=bold, style=style)
            )


def _process_of(name: str) -> str:
    return name.partition(".")[0]


def _is_code(written: str) -> bool:
    return written.startswith("`")


def _width(written: str) -> float:
    return width(written.strip("`"), code=_is_code(written))


def _arrowhead(x: float, y: float, right: int, down: int) -> str:
    """With its point at (*x*, *y*)."""
    back, side = 7, 4
    corners = [
        (x - back * right + side * down * sign, y - back * down + side * right * sign)
        for sign in (1, -1)
    ]
    path = f"M{x:g} {y:g}" + "".join(f"L{a:g} {b:g}" for a, b in corners) + "z"
    return f'<path d="{path}" style="fill:{var("accent" if down else "ink")}"/>'
