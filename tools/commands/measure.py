"""``python -m tools.commands.measure``: record the figures that the site shows.

Only programs that changed since, unless told otherwise. A record is written only when its ratios
hold; on a machine with other work that may take some rounds more. No build of the site measures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from tools.figures import fork_cost, side_by_side
from tools.figures.charts import Figures, Measurement, Record, seal_of
from tools.pages import ROOT

MEASUREMENTS = (side_by_side.MEASUREMENT, fork_cost.MEASUREMENT)
PATIENCE = 10  # how many times as many runs, on a machine with other work
TO_SPARE = 1.25  # how far within its bounds a ratio is, on one without; such figures are recorded


def main(arguments: list[str]) -> int:
    """Measure, and say what does not hold; 1 then, and nothing is written of that program."""
    parser = argparse.ArgumentParser(prog="python -m tools.commands.measure", description=__doc__)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--all", action="store_true", help="measure every program anew")
    how.add_argument("--check", action="store_true", help="the same, but write nothing")
    chosen = parser.parse_args(arguments)
    everything = chosen.all or chosen.check
    wanted = [each for each in MEASUREMENTS if everything or not each.is_current()]
    if wanted and sys.platform != "linux":
        sys.exit("the programs that measure run on Linux only")
    return int(sum(_fails(each, write=not chosen.check) for each in wanted) > 0)


def _fails(measurement: Measurement, write: bool) -> bool:
    print(f"{measurement.command} …", flush=True)
    record = measure(measurement, TO_SPARE if write else 1)
    broken = measurement.broken(record.milliseconds)
    print(f"  {record.runs} runs", *broken, sep="\n  ")
    if broken:
        print("  not recorded: it takes two CPUs without other work, and a Python with a GIL")
    elif write:
        measurement.path.write_text(json.dumps(asdict(record), indent=2) + "\n", "utf-8")
        print(f"  written to {measurement.path.relative_to(ROOT)}")
    return bool(broken)


def measure(measurement: Measurement, to_spare: float) -> Record:
    """The least of as many runs as are asked for, or of more until the ratios hold."""
    program, runs = measurement.digest(), _runs(measurement)
    least, done = next(runs), 1
    while done < measurement.runs or (
        done < PATIENCE * measurement.runs and not measurement.holds(least, to_spare)
    ):
        again, done = next(runs), done + 1
        for name, row in least.items():
            least[name] = {column: min(ms, again[name][column]) for column, ms in row.items()}
    least = {
        name: {column: round(ms, 4) for column, ms in row.items()} for name, row in least.items()
    }
    return Record(
        program=program,
        command=measurement.command,
        runs=done,
        processor=_processor(),
        cpus=len(os.sched_getaffinity(0)),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        python=platform.python_version(),
        date=datetime.now(UTC).date().isoformat(),
        milliseconds=least,
        seal=seal_of(least),
    )


def _runs(measurement: Measurement) -> Iterator[Figures]:
    """What the program prints, again and again."""
    while True:
        yield json.loads(
            subprocess.run(
                [sys.executable, measurement.source.name, *measurement.arguments],
                cwd=measurement.source.parent,
                env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
                stdout=subprocess.PIPE,
                timeout=300,
                check=True,
            ).stdout
        )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
