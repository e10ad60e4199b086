"""``python -m runner [--update] [--repeat N] [--tty] examples/<chapter>/<slug>.py …``"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .example import Example, judge
from .servers import Servers
from .settings import SettingsError


def main(arguments: list[str] | None = None) -> int:
    """Run the examples named, say what differs; the exit status counts those that failed."""
    parser = argparse.ArgumentParser(prog="python -m runner", description=__doc__)
    parser.add_argument("scripts", nargs="+", type=Path, metavar="SCRIPT")
    parser.add_argument("--update", action="store_true", help="write the transcript")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="run each N times")
    parser.add_argument("--tty", action="store_true", help="run in a terminal, not into a file")
    options = parser.parse_args(arguments)
    for script in options.scripts:
        if not script.is_file():
            parser.error(f"no such script: {script}")
    with Servers() as servers:
        examples = [Example(script.resolve()) for script in options.scripts]
        failed = sum(not _run_one(example, options, servers) for example in examples)
    return min(failed, 255)


def _run_one(example: Example, options: argparse.Namespace, servers: Servers) -> bool:
    try:
        variables = servers.environment(example.settings.needs)
    except SettingsError as error:
        print(error)
        return False
    for round_number in range(1, options.repeat + 1):
        verdict = judge(example, tty=options.tty or None, servers=variables)
        if options.update and verdict.store():
            print(f"wrote {example.transcript.name}")
        elif not verdict.ok:
            print(f"{example.id}, run {round_number}:\n{verdict.report()}")
            return False
    print(f"{example.id}: the same, {options.repeat} of {options.repeat}")
    return True


if __name__ == "__main__":
    sys.exit(main())
