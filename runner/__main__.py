"""``python -m runner [--update] [--repeat N] [--load N] [--tty] examples/<chapter>/<slug>.py …``"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .example import COMMAND, SOURCES, Example, judge
from .needs import how_to_get
from .rounds import explain, repeat
from .servers import Servers
from .settings import SettingsError

EXAMPLE = "examples/descriptors/echo_leak.py"


def main(arguments: list[str] | None = None) -> int:
    """Run the examples named, say what differs; the exit status counts those that failed."""
    parser = argparse.ArgumentParser(prog="python -m runner", description=__doc__)
    parser.add_argument("scripts", nargs="*", type=Path, metavar="SCRIPT")
    parser.add_argument("--update", action="store_true", help="write the transcript")
    parser.add_argument(
        "--repeat",
        type=int,
        default=1,
        metavar="N",
        help="run each N times, every other time in a terminal, with other variables",
    )
    parser.add_argument(
        "--load", type=int, default=0, metavar="N", help="keep N other processes busy meanwhile"
    )
    parser.add_argument("--tty", action="store_true", help="run in a terminal, not into a file")
    options = parser.parse_args(arguments)
    if not options.scripts:
        parser.error(f"name a script, as in: {COMMAND} {EXAMPLE}; `make test` runs all")
    for script in options.scripts:
        if script.suffix not in SOURCES:
            parser.error(f"not a script: {script}; its name ends in {', '.join(SOURCES)}")
        if not script.is_file():
            parser.error(f"no such script: {script}; a script is named as in {EXAMPLE}")
    with Servers() as servers:
        examples = [Example(script.resolve()) for script in options.scripts]
        failed = sum(not _run_one(example, options, servers) for example in examples)
    return min(failed, 255)


def _run_one(example: Example, options: argparse.Namespace, servers: Servers) -> bool:
    try:
        if reason := example.why_not_here() or how_to_get(example.missing()):
            print(f"{example.id}: not run here: {reason}")
            return False
        variables = servers.environment(example.settings.needs)
    except SettingsError as error:
        print(error)
        return False
    if options.update:
        return _update(example, options.tty, variables)
    done, report = repeat(
        example, options.repeat, load=options.load, tty=options.tty, servers=variables
    )
    if report:
        print(f"{example.id}, {report}")
        return False
    print(f"{example.id}: the same, {done} of {options.repeat}")
    return True


def _update(example: Example, tty: bool, variables: dict[str, str]) -> bool:
    """Write the transcript, and see at once whether the next run prints the same."""
    verdict = judge(example, tty=tty, servers=variables)
    if verdict.unacceptable:
        print(f"{example.id}: not written.\n{verdict.report()}")
        return False
    print(f"{'wrote' if verdict.store() else 'nothing changed in'} {example.transcript.name}")
    for elsewhere in (tty, not tty):
        verdict = judge(example, tty=elsewhere, servers=variables)
        if not verdict.ok:
            print(f"{example.id}, run again:\n{explain(verdict, elsewhere, variables)}")
            return False
    print(f"Now: {COMMAND} --repeat 50 {example.shown}")
    return True


if __name__ == "__main__":
    sys.exit(main())
