"""Each Python that this machine has or can have, with what examples import beside it.

A Python on PATH or of pyenv gets a virtual environment below this user's cache. Where there is
none, Debian's own is taken (see debian_python.py).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab.image import ROOT
from lab.image.steps import BuildError, NotHereError, run
from runner import Version, name_of
from tools.setup.debian_python import CACHE, SUITES, debian_command

_WHICH = "import sys; print('%d.%d' % sys.version_info[:2])"
_WHOLE = "import platform; print(platform.python_version())"
_LOCKS = ("site", "test")  # with what the runner and the examples import
_COMPILED = "mysqlclient"  # where it cannot be compiled, two examples are left out


@dataclass(frozen=True)
class Python:
    """A Python that can run examples."""

    command: tuple[str, ...]  # to be followed by arguments; it begins in this project's folder
    place: str  # where it comes from, for people

    @property
    def version(self) -> str:
        """The whole of it: "3.15.2"."""
        return _ask(*self.command, "-c", _WHOLE)


def find(version: Version) -> Python:
    """The first of: the one that runs this, one on PATH, one of pyenv, Debian's.

    Raises NotHereError, which says why there is none, and BuildError when Debian's fails.
    """
    if version == sys.version_info[:2]:
        return Python((sys.executable,), ".venv")
    for path in _installed(version):
        if _ask(path, "-c", _WHICH) == name_of(version):
            return Python((_with_packages(path),), path)
    absent = f"no python{name_of(version)} on PATH or of pyenv"
    if version not in SUITES:
        known = ", ".join(map(name_of, SUITES))
        raise NotHereError(f"{absent}; of Debian's own only {known} are taken")
    try:
        command = debian_command(version)
    except NotHereError as error:
        raise NotHereError(f"{absent}; Debian's: {error}") from None
    return Python(tuple(command), f"Debian {SUITES[version]}")


def _installed(version: Version) -> Iterator[str]:
    for name in (f"python{name_of(version)}", "python3"):
        if path := shutil.which(name):
            yield path
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = pyenv.glob(f"versions/{name_of(version)}.*/bin/python")
    yield from map(str, sorted(found, key=_release, reverse=True))


def _release(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path.parts[-3])]


def _ask(*command: str) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout.strip()


def _with_packages(python: str) -> str:
    """The Python of a virtual environment that has what is locked."""
    locks = (ROOT / "requirements" / f"{name}.txt" for name in _LOCKS)
    locked = "".join(path.read_text("utf-8") for path in locks)
    state = "\n".join([_ask(python, "-VV"), python, locked, _locked(_COMPILED)])
    name = f"venv-{_ask(python, '-c', _WHICH)}"
    folder = CACHE / f"{name}-{hashlib.sha256(state.encode()).hexdigest()[:16]}"
    if not (folder / "ready").exists():
        for old in CACHE.glob(f"{name}-*"):
            shutil.rmtree(old)
        run([python, "-m", "venv", "--without-pip", folder])
        _install(folder, locked, "--only-binary=:all:")
        try:
            _install(folder, _locked(_COMPILED))
        except BuildError:
            pass  # the examples that need it are named as left out
        (folder / "ready").touch()
    return str(folder / "bin/python")


def _install(folder: Path, locked: str, *options: str) -> None:
    requirements = folder / "requirements.txt"
    requirements.write_text(locked, "utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin/python"), "install"]
    run([*pip, "--require-hashes", "--no-deps", *options, "--requirement", requirements])


def _locked(name: str) -> str:
    """The entry of a package, with its hashes."""
    entry = re.compile(rf"^{re.escape(name)}==.*\n(?:[ ].*\n)*", re.MULTILINE)
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        if found := entry.search(path.read_text("utf-8")):
            return found[0]
    raise LookupError(f"no lock has {name}")
