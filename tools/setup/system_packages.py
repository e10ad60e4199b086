"""``python -m tools.setup.system_packages``: get what examples need besides Python, where one may.

What cannot be installed is named together with the examples that are then left out.
"""

from __future__ import annotations

import os
import subprocess
import sys

from runner import find_examples
from runner.needs import NEEDS
from tools.setup.install import ROOT, install

IN_CI = bool(os.environ.get("CI")) and sys.platform == "linux"
INSTALL = ROOT / "tools/setup/install-packages.sh"


def main() -> int:
    """0, or 1 in CI when something is still missing."""
    missing = unmet()
    if missing:
        packages = [package for name in missing for package in NEEDS[name].debian.split()]
        subprocess.run([str(INSTALL), *dict.fromkeys(packages)], check=False)
        for name in missing:
            if locked := NEEDS[name].locked:
                install(locked)
        missing = unmet()
    for name in missing:
        left_out = [example.id for example in find_examples() if name in example.missing()]
        print(f"{name} is missing. Left out: {', '.join(left_out) or 'a test of the runner'}")
    return 1 if missing and IN_CI else 0


def unmet() -> list[str]:
    return [name for name, need in NEEDS.items() if not need.is_met()]


if __name__ == "__main__":
    sys.exit(main())
