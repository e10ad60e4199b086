"""Timelines: the lives of processes, and of threads in them, from top to bottom. A data file has

    kind = "timeline"
    transcript = "processes/x.out"   below examples/: where the numbers of the drawing were printed
    rows = "A starts"                what happens, row after row; ";" joins what is side by side
    [text.en] [text.ja]              what the lines and the words of the rows are called

A row is ``<line> <verb> <what>``, or ``<line> <verb> <other line> <what>``. A line is a process, or
``process.thread``. What is a word, as ``is-busy``, is the key of a text; anything else is code and
stays. A text may have several lines; one in backquotes is code. The verbs:

    starts, inherits                 begin a line, or only the dashed bar of a lock; without what
    does, stays                      a box; words without a box
    waits, takes, releases, execs    a box; after it the line is dashed, a bar, as before, double
    exits                            a box; the line ends, or is dotted until another reaps it
    forks, signals, reaps            from this line to another, which reaps takes away
"""

from __future__ import annotations

import re
from typing import Any

from tools.diagrams import lifelines
from tools.diagrams.data import BadData, read_texts
from tools.diagrams.lifelines import Event
from tools.pages import CODES, EXAMPLES

_KEYS = {"kind": str, "transcript": str, "rows": str, "text": dict}
_ROW = re.compile(r"(?P<line>\S+) +(?P<verb>\S+)(?: +(?P<what>.+))?")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
# What a verb needs its line to be, and what it makes of it; then the same of the other line.
_OF_THE_LINE = {
    "starts": ({"new"}, "alive"),
    "inherits": ({"new"}, "alive"),
    "does": ({"alive"}, "alive"),
    "waits": ({"alive"}, "alive"),
    "takes": ({"alive"}, "alive"),
    "releases": ({"alive"}, "alive"),
    "execs": ({"alive"}, "alive"),
    "exits": ({"alive"}, "ended"),
    "forks": ({"alive"}, "alive"),
    "reaps": ({"alive"}, "alive"),
    "signals": ({"alive", "ended"}, ""),
    "stays": ({"alive", "ended", "reaped"}, ""),
}
_OF_THE_OTHER = {
    "forks": ({"new"}, "alive"),
    "signals": ({"alive"}, ""),
    "reaps": ({"ended"}, "reaped"),
}


def draw(data: dict[str, Any]) -> dict[str, str]:
    """``{language: "<svg …>…</svg>"}``. Raises ValueError, naming the key that is wrong."""
    for key, value in data.items():
        if not isinstance(value, _KEYS.get(key, ())):
            raise ValueError(f"{key}: unknown key, or not of its type")
    rows = [
        [_read_event(written.strip()) for written in row.split(";")]
        for row in str(data.get("rows", "")).strip().splitlines()
    ]
    if not rows:
        raise ValueError("rows: there are none")
    events = [event for row in rows for event in row]
    _check_story(events)
    texts = _read_texts(data, events)
    return {language: lifelines.draw(rows, texts[language]) for language in CODES}


def _read_event(written: str) -> Event:
    row = _ROW.fullmatch(written)
    if not row or row["verb"] not in _OF_THE_LINE:
        verbs = ", ".join(_OF_THE_LINE)
        raise BadData(f"rows: {written!r}: write <line> <verb> …, with one of {verbs}", written)
    verb, other, what = row["verb"], "", row["what"] or ""
    needed = "nothing" if verb in ("starts", "inherits") else "what"
    if verb in _OF_THE_OTHER:
        other, _, what = what.partition(" ")
        needed = "another line, and what,"
    if bool(what) == (needed == "nothing"):
        raise BadData(f"rows: {written!r}: write {needed} after {verb!r}", written)
    return Event(row["line"], verb, other, what.strip(), written)


def _check_story(events: list[Event]) -> None:
    """Raises BadData for the first event that cannot happen after those before it."""
    states: dict[str, str] = {}
    holding: set[str] = set()
    for event in events:
        changes = {event.line: _OF_THE_LINE[event.verb]}
        if event.other:
            changes[event.other] = _OF_THE_OTHER[event.verb]
        for name, (needed, becomes) in changes.items():
            state = states.get(name, "new")
            if state not in needed:
                problem = f"{name} {_problem(needed, state)}"
                raise BadData(f"rows: {event.written!r}: {problem}", event.written)
            states[name] = becomes or state
        if event.verb in ("takes", "releases"):
            if (event.line in holding) == (event.verb == "takes"):
                problem = f"it must {'release' if event.verb == 'takes' else 'take'} a lock before"
                raise BadData(f"rows: {event.written!r}: {problem}", event.written)
            holding ^= {event.line}


def _problem(needed: set[str], state: str) -> str:
    if state == "new":
        return "is not there yet: let it start, or another fork it, in a row above"
    if needed == {"new"}:
        return "is there already: choose another name"
    if needed == {"ended"}:
        return "must exit in a row above, and be reaped once"
    return "has ended: move this row above its end"


def _read_texts(data: dict[str, Any], events: list[Event]) -> dict[str, dict[str, str]]:
    """The texts of each language; code stands for itself, in backquotes."""
    lines = {name for event in events for name in (event.line, event.other) if name}
    processes = {line.partition(".")[0] for line in lines}
    labels = {event.what for event in events if event.what}
    words = {what for what in labels if _WORD.fullmatch(what)}
    texts = read_texts(data, lines | processes | words, set())
    code = {what: f"`{what}`" for what in labels - words}
    _check_numbers(data, [*code, *(text for each in texts.values() for text in each.values())])
    return {language: code | texts[language] for language in CODES}


def _check_numbers(data: dict[str, Any], drawn: list[str]) -> None:
    """Raises BadData for a number that the transcript does not have."""
    name = data.get("transcript", "")
    printed = set(re.findall(r"\d+", (EXAMPLES / name).read_text("utf-8"))) if name else set()
    for text in drawn:
        if unknown := [number for number in re.findall(r"\d+", text) if number not in printed]:
            raise BadData(
                f"{text!r} has the number {unknown[0]}, which no program printed: draw a "
                "transcript that has it (transcript = …), or say it without",
                text.splitlines()[0],
            )
