"""``python -m runner.every``: what every program in Python prints with the Python that runs this.

``make test-pythons`` runs it with each Python: one line of JSON for each program, an Outcome. With
``--update`` transcripts are written instead; with ``--update --from-here-on`` for this Python and
later ones.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass

from .example import Example, find_examples, judge
from .libraries import not_installed
from .servers import Servers
from .settings import SettingsError
from .source import Source

SAME, DIFFERS, LEFT_OUT, WRITTEN = "same", "differs", "left out", "written"


@dataclass(frozen=True)
class Outcome:
    """How one example went: one of the four words above, and why."""

    example: str  # its id
    result: str
    why: str = ""


def main(arguments: list[str] | None = None) -> int:
    """0: who reads the lines decides what they mean."""
    parser = argparse.ArgumentParser(prog="python -m runner.every", description=__doc__)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--from-here-on", action="store_true")
    options = parser.parse_args(arguments)
    with Servers() as servers:
        for example in find_examples():
            if example.source.suffix == ".py":
                outcome = _outcome(example, servers, options)
                print(json.dumps(asdict(outcome)), flush=True)
    return 0


def _outcome(example: Example, servers: Servers, options: argparse.Namespace) -> Outcome:
    try:
        if reason := example.why_not_here():
            return Outcome(example.id, LEFT_OUT, reason)
        if missing := example.missing():
            return Outcome(example.id, LEFT_OUT, f"no {' and no '.join(missing)}")
        if absent := not_installed(Source(example.source)):
            return Outcome(example.id, LEFT_OUT, f"it has no {' and no '.join(absent)}")
        verdict = judge(example, servers=servers.environment(example.settings.needs))
    except (SettingsError, RuntimeError) as error:
        return Outcome(example.id, DIFFERS, str(error))
    if options.update and verdict.store(from_here_on=options.from_here_on):
        return Outcome(example.id, WRITTEN)
    if verdict.ok:
        return Outcome(example.id, SAME)
    return Outcome(example.id, DIFFERS, verdict.report())


if __name__ == "__main__":
    sys.exit(main())
