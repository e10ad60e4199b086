"""``python -m tools.commands.pythons [3.14 …]``: every example on each Python at hand.

``--update`` writes what they print: the oldest its transcripts, each later one a transcript of its
own where it prints something else (see runner/versions.py).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from lab.image.steps import BuildError, NotHereError
from runner import PYTHONS, Version, find_examples, name_of
from runner.every import DIFFERS, LEFT_OUT, SAME, WRITTEN, Outcome
from tools.pages import ROOT
from tools.setup import other_pythons
from tools.setup.debian_python import SUITES
from tools.setup.other_pythons import Python

IN_CI = bool(os.environ.get("CI"))


@dataclass(frozen=True)
class Result:
    """What became of one Python: its outcomes, or why there are none."""

    python: str  # the version, as whole as it is known
    place: str
    outcomes: tuple[Outcome, ...]
    why: str = ""
    failed: bool = False

    def lines(self) -> Iterator[str]:
        """The summary, then what differs."""
        if self.why:
            yield f"{self.python:8} not run: {self.why}"
            return
        found: dict[str, list[Outcome]] = defaultdict(list)
        for outcome in self.outcomes:
            found[outcome.result].append(outcome)
        run = len(self.outcomes) - len(found[LEFT_OUT])
        counts = [f"{run} run", f"{len(found[SAME])} the same"]
        counts += [f"{len(found[name])} {name}" for name in (DIFFERS, WRITTEN) if found[name]]
        yield f"{self.python:8} {', '.join(counts)}   ({self.place})"
        for outcome in found[LEFT_OUT]:
            yield f"{'':8} left out: {outcome.example}: {outcome.why}"
        for outcome in found[WRITTEN]:
            yield f"{'':8} written: {outcome.example}"
        for outcome in found[DIFFERS]:
            yield f"\n{outcome.example} on Python {self.python}:\n{outcome.why}\n"


def main(arguments: list[str]) -> int:
    """0, or 1 when anything differs; in CI also when a Python that Debian has was not run."""
    parser = argparse.ArgumentParser(prog="python -m tools.commands.pythons", description=__doc__)
    known = {name_of(version): version for version in PYTHONS}
    parser.add_argument("pythons", nargs="*", metavar="3.14", help=f"of {', '.join(known)}")
    parser.add_argument("--update", action="store_true", help="write the transcripts")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.pythons) - set(known):
        parser.error(f"not a Python that the site is for: {', '.join(sorted(unknown))}")
    versions = [known[name] for name in known if name in (chosen.pythons or known)]
    failed = False
    for result in _results(versions, update=chosen.update):
        print(*result.lines(), sep="\n", flush=True)
        failed |= result.failed
    others = sum(example.source.suffix != ".py" for example in find_examples())
    print(f"({others} programs in C and Ruby are not for a Python to run: make test)")
    return int(failed)


def _results(versions: list[Version], *, update: bool) -> Iterator[Result]:
    """One by one: a program that measures two CPUs wants both."""
    options = ["--update"] if update else []
    for version in versions:
        try:
            python = other_pythons.find(version)
        except (NotHereError, BuildError) as error:
            yield _not_run(version, error)
            continue
        yield _run(python, options)
        if update:
            options = ["--update", "--from-here-on"]


def _not_run(version: Version, error: BuildError) -> Result:
    is_ours = not isinstance(error, NotHereError)
    failed = is_ours or (IN_CI and version in SUITES)
    return Result(name_of(version), "", (), str(error), failed)


def _run(python: Python, options: list[str]) -> Result:
    done = subprocess.run(
        [*python.command, "-m", "runner.every", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        return Result(python.version, python.place, (), done.stderr[-3000:], failed=True)
    outcomes = tuple(Outcome(**json.loads(line)) for line in done.stdout.splitlines())
    failed = any(outcome.result == DIFFERS for outcome in outcomes)
    return Result(python.version, python.place, outcomes, failed=failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
