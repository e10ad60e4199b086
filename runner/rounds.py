"""Many runs of one example, as different as readers are, and what to tell of the first to fail."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from math import inf

from .example import Example, Verdict, judge
from .load import busy

_DURATION = re.compile(r"\b\d+(?:\.\d+)? ?(?:[mµn]?s|sec|seconds|minutes)\b")
_TIME = (
    "\nBut how long something takes is another on each machine, however it is rounded: print "
    "what must hold, as in: below 1 s: True"
)


def repeat(
    example: Example,
    rounds: int,
    *,
    seconds: float = inf,
    load: int = 0,
    tty: bool = False,
    servers: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Run *example* up to *rounds* times, beside *load* busy processes.

    No round begins after *seconds*. Every other round is in a terminal of another size, with
    other variables; with *tty*, all are.
    What shows that two CPUs work at once (lab = "cpus") is given both, whatever *load* says.
    Returns how many rounds there were, and what was wrong in the last, "" for nothing.
    """
    load = 0 if example.settings.lab == "cpus" else load
    deadline = time.monotonic() + seconds
    done, failed = 0, None
    with busy(load):
        while not failed and done < rounds and (done == 0 or time.monotonic() < deadline):
            elsewhere = tty or done % 2 == 1
            verdict = judge(example, tty=elsewhere, servers=servers, watch=rounds > 1)
            done += 1
            failed = None if verdict.ok else verdict
    if not failed:
        return done, ""
    beside = f" beside {load} busy processes" if load else ""
    return done, f"run {done}{beside}:\n{explain(failed, elsewhere, servers)}"


def explain(verdict: Verdict, tty: bool, servers: Mapping[str, str] | None = None) -> str:
    """What differs and what to do, which more runs tell: two the same way, two the other."""
    if verdict.unacceptable:
        return verdict.report()
    example = verdict.example
    others: list[Verdict] = []
    for _ in range(2):
        again = judge(example, tty=tty, servers=servers)
        if not verdict.agrees_with(again):
            return f"{verdict.difference}\n\n{_unstable(verdict, again)}"
        others.append(judge(example, tty=not tty, servers=servers))
        if not others[0].agrees_with(others[-1]):
            return f"{verdict.difference}\n\n{_unstable(*others)}"
    if not verdict.agrees_with(others[0]):
        return f"{verdict.difference}\n\n{_depends(verdict, tty)}"
    is_time = any(line[0] == "+" and _DURATION.search(line) for line in _changed_lines(verdict))
    return f"{verdict.report()}{_TIME if is_time else ''}"


def _changed_lines(verdict: Verdict) -> list[str]:
    return [line for line in verdict.difference.splitlines()[2:] if line[:1] in "+-"]


def _unstable(verdict: Verdict, again: Verdict) -> str:
    place = verdict.example.shown
    said = (
        f"{place}: it does not print the same each time: one run more printed "
        f"{'what the transcript says' if again.ok else 'something else again'}, and "
        "`make update` does not mend that."
    )
    if "WNOHANG" in verdict.example.source.read_text("utf-8"):
        said += (
            " WNOHANG asks whether a child has ended by now, which is another answer each time: "
            "wait for it by waitpid() or a pipe."
        )
    first, second = verdict.seen.splitlines(), again.seen.splitlines()
    if sorted(first) == sorted(second):
        return (
            f"{said} The lines are the same in another order: sort what comes from a set or from "
            "os.listdir(), and let waitpid, a pipe or an Event decide which process is first"
        )
    one, other = next(
        (pair for pair in zip(first, second, strict=False) if pair[0] != pair[1]),
        (first[-1], second[-1]),
    )
    return (
        f"{said} It printed {one!r}, then {other!r}. Print pids as pid=…, ports as port=…; sort "
        "what comes from a set; print no time, no address, no count that nothing promises"
    )


def _depends(verdict: Verdict, tty: bool) -> str:
    here = "in a terminal" if tty else "into a file"
    return (
        f"{verdict.example.shown}: it prints this {here} each time, and something else "
        f"{'into a file' if tty else 'in a terminal'}, where also COLUMNS, TZ and PYTHON… "
        "variables are others. Print nothing that depends on these (the width of a terminal, "
        "isatty(), local time), nor on how long something takes; where a terminal is the lesson, "
        "declare it: tty = true or false, and why"
    )
