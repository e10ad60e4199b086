"""``python -m tools.setup.lock`` (``make lock``): write requirements/ anew from pyproject.toml.

One file a group, all cut from one resolution, so no two of them disagree. uv writes no index into
them. In the end every Python that find-python.sh takes must find a wheel of every package.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from runner.versions import PYTHONS as SUPPORTED
from runner.versions import name_of
from tools.setup.install import LOCKED, ROOT, UV, uv_environment

REQUIREMENTS = ROOT / "requirements"
PYTHONS = tuple(map(name_of, SUPPORTED))
PLATFORMS = ("x86_64-manylinux_2_28", "aarch64-manylinux_2_28", "macos")
COMPILED = {"mysqlclient"}  # no wheels for Linux
MEND = "In pyproject.toml ask for a version that has one, for some Pythons only as numpy is.\n"
NOWHERE = ROOT / ".cache/nowhere"
COMPILE = [
    *("pip", "compile", "--no-header", "--no-annotate"),
    *("--universal", "--python-version", PYTHONS[0], "--fork-strategy", "fewest"),
]


def main() -> int:
    """0, or 1 when a package has no wheel for a Python."""
    if not UV.exists():
        sys.exit("This needs uv, and set-up found no wheel of it for this machine.")
    groups = read_groups()
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder, "whole.txt")
        whole.write_text(_resolve(*(f"--group={name}" for name in groups)))
        for name, requirements in groups.items():
            locked = _resolve("--generate-hashes", f"--group={name}", "--constraints", whole)
            path = REQUIREMENTS / f"{name}.txt"
            path.write_text(heading(name, requirements) + locked, "utf-8")
    print("Written. Is there a wheel of everything, for each Python and platform?", flush=True)
    return int(any([_lacks_wheels(name) for name in groups if name not in COMPILED]))


def read_groups() -> dict[str, list[str]]:
    """The groups of pyproject.toml by name, each a list of requirements."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups: dict[str, list[str]] = project["dependency-groups"]
    return groups


def heading(name: str, requirements: list[str]) -> str:
    """What a locked file says of where it comes from: its group, as it was when it was locked."""
    said = "".join(f"#   {requirement}\n" for requirement in requirements)
    return f"# Written by `make lock` from the group {name!r} in pyproject.toml:\n{said}"


def _resolve(*arguments: str | Path) -> str:
    done = _uv(*COMPILE, *arguments)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def _lacks_wheels(name: str) -> bool:
    """Print what could not be installed without a compiler, for each Python and platform."""
    lock = REQUIREMENTS / f"{name}.txt"
    lacking = False
    for python, platform in itertools.product(PYTHONS, PLATFORMS):
        there: list[str | Path] = [
            "--python-version",
            python,
            "--python-platform",
            platform,
            "--target",
            NOWHERE,
        ]
        done = _uv("pip", "install", "--dry-run", "--only-binary=:all:", *there, *LOCKED, lock)
        if done.returncode:
            print(f"\nrequirements/{name}.txt, Python {python}, {platform}:\n{done.stderr}{MEND}")
            lacking = True
    return lacking


def _uv(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [UV, *arguments, "--quiet"], cwd=ROOT, env=uv_environment(), capture_output=True, text=True
    )


if __name__ == "__main__":
    sys.exit(main())
