"""Set-up: what is locked is what pyproject.toml asks for, and each target installs only its own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tools.pages import ROOT
from tools.setup import install
from tools.setup.lock import PYTHONS, REQUIREMENTS, heading, read_groups

GROUPS = read_groups()
LINE = re.compile(
    r"# .*"
    r"|(?P<name>[a-z0-9-]+)==(?P<version>[\w.]+)(?: ; (?P<marker>[^\\]+))? \\"
    r"|    --hash=sha256:[0-9a-f]{64}(?: \\)?"
)
each_group = pytest.mark.parametrize("group", GROUPS)
each_python = pytest.mark.parametrize("python", PYTHONS)


def lock(group: str) -> Path:
    return REQUIREMENTS / f"{group}.txt"


def read_lock(group: str, python: str) -> Iterator[tuple[str, str]]:
    """(name, version) of what *python* gets on Linux."""
    for line in lock(group).read_text("utf-8").splitlines():
        found = LINE.fullmatch(line)
        if found and found["name"] and applies(found["marker"], python):
            yield found["name"], found["version"]


def applies(marker: Marker | str | None, python: str) -> bool:
    here = {"python_version": python, "python_full_version": f"{python}.9", "sys_platform": "linux"}
    return marker is None or Marker(str(marker)).evaluate(here)


# What is locked.


@each_group
def test_a_lock_is_of_its_group(group: str) -> None:
    """As pyproject.toml has it today."""
    assert lock(group).read_text("utf-8").startswith(heading(group, GROUPS[group])), (
        f"The group {group} of pyproject.toml is not that of requirements/{group}.txt: make lock"
    )


def test_each_lock_has_a_group() -> None:
    assert {path.stem for path in REQUIREMENTS.iterdir()} == set(GROUPS)


@each_group
def test_a_lock_names_no_registry(group: str) -> None:
    """Pins and hashes, nothing else: whoever installs takes them from an index of their own."""
    for number, line in enumerate(lock(group).read_text("utf-8").splitlines(), 1):
        assert LINE.fullmatch(line), f"{lock(group)}:{number}: {line}"


@each_python
@each_group
def test_what_is_asked_for_is_locked(group: str, python: str) -> None:
    """A pin that was changed by hand, or by a bot, stays within the bounds."""
    locked = dict(read_lock(group, python))
    for requirement in map(Requirement, GROUPS[group]):
        if applies(requirement.marker, python):
            version = locked.get(requirement.name.lower())
            assert version, f"requirements/{group}.txt has no {requirement.name}: make lock"
            assert requirement.specifier.contains(version), (
                f"requirements/{group}.txt has {requirement.name} {version},"
                f" pyproject.toml wants {requirement}: make lock"
            )


@each_python
def test_no_two_locks_disagree(python: str) -> None:
    versions: dict[str, str] = {}
    for group in GROUPS:
        for name, version in read_lock(group, python):
            assert versions.setdefault(name, version) == version, (
                f"requirements/{group}.txt has {name} {version},"
                f" another file has {versions[name]}: make lock"
            )


def test_what_is_installed_fits_together() -> None:
    """Nothing is asked of an index while it is installed, so nothing was asked about that."""
    done = subprocess.run([sys.executable, "-m", "pip", "check"], stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0, done.stdout


# The Python to set up with.


@pytest.fixture
def find_python(tmp_path: Path) -> Find:
    return Find(tmp_path)


class Find:
    """find-python.sh, on a PATH that has only what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, version: str) -> None:
        """A Python that says it is of this version."""
        numbers = ", ".join(version.split("."))
        pretend = f"import sys; sys.version_info = ({numbers}, 0)"
        path = self.folder / name
        path.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{pretend}; $2"\n')
        path.chmod(0o755)

    def __call__(self, *arguments: str) -> tuple[int, str]:
        """Its status and all that it prints."""
        done = subprocess.run(
            ["/bin/sh", str(ROOT / "tools/setup/find-python.sh"), *arguments],
            env={"PATH": str(self.folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout.rstrip("\n")


NEEDED = "this needs Python 3.11, 3.12, 3.13, 3.14 or 3.15"


@each_python
def test_each_python_will_do(find_python: Find, python: str) -> None:
    find_python.put("python3", "3.10")
    find_python.put(f"python{python}", python)
    assert find_python() == find_python(f"python{python}") == (0, f"python{python}")


@pytest.mark.parametrize("python", ["2.7", "3.10", "3.16"])
def test_another_python_will_not(find_python: Find, python: str) -> None:
    find_python.put("python3", python)
    assert find_python() == (1, f"T{NEEDED[1:]}; none of them was found on PATH.")
    assert find_python("python3") == (1, f"python3 is Python {python}; {NEEDED}.")
    find_python.put("python3.12", "3.12")
    assert find_python("python3") == (
        1,
        f"python3 is Python {python}; {NEEDED}. Try: make PYTHON=python3.12",
    )


def test_what_is_no_python(find_python: Find) -> None:
    assert find_python("nothing") == (1, f"nothing does not run; {NEEDED}.")


def test_the_project_names_the_same_pythons() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    (bounds,) = re.findall(r'^requires-python = "(.+)"', project, re.MULTILINE)
    minors = [f"3.{minor}" for minor in range(30)]
    assert [minor for minor in minors if minor in SpecifierSet(bounds)] == list(PYTHONS)


# What is installed.


@pytest.mark.parametrize(
    ("target", "installs"),
    [
        ("serve", ["site"]),
        ("site", ["site"]),
        ("lab", ["site"]),
        ("test", ["site", "test"]),
        ("test-lab", ["site", "test"]),
        ("lint", ["site", "test", "lint"]),
    ],
)
def test_a_target_installs_what_it_needs(tmp_path: Path, target: str, installs: list[str]) -> None:
    """And, when that is there, nothing."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(REQUIREMENTS, tmp_path / "requirements")
    assert sets_of(tmp_path, target) == installs
    (tmp_path / ".venv").mkdir()
    for name in installs:
        (tmp_path / f".venv/.{name}").touch()
    assert sets_of(tmp_path, target) == []


def sets_of(project: Path, target: str) -> list[str]:
    """What make would install."""
    make = ["make", "--dry-run", "--old-file=node_modules/.package-lock.json", target]
    said = subprocess.run(make, cwd=project, stdout=subprocess.PIPE, text=True, check=True).stdout
    return re.findall(r"-m tools\.setup\.install (\w+)", said)


def test_uv_goes_where_pip_goes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    file.write_text(
        "[global]\nindex-url = http://mirror.invalid/simple\ncert = /of/the/file.pem\n"
        "[install]\ntrusted-host =\n    one.invalid\n    two.invalid\n"
    )
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "SSL_CERT_FILE", "UV_INSECURE_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    monkeypatch.setenv("PIP_CERT", "/of/the/environment.pem")
    uv = install.uv_environment()
    assert uv["UV_DEFAULT_INDEX"] == "http://mirror.invalid/simple"
    assert uv["SSL_CERT_FILE"] == "/of/the/environment.pem"
    assert uv["UV_INSECURE_HOST"] == "one.invalid two.invalid"


@pytest.mark.parametrize("uv", [None, 0, 1], ids=["no uv", "uv", "broken uv"])
def test_pip_installs_what_uv_does_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, uv: int | None
) -> None:
    """And where pip does not either, it is told."""
    said = tmp_path / "said"
    if uv is not None:
        put_program(tmp_path / "uv", f"echo uv >>{said}; exit {uv}")
    put_program(tmp_path / "pip", f'[ "$1" = config ] || echo pip >>{said}')
    monkeypatch.setattr(install, "UV", tmp_path / "uv")
    monkeypatch.setattr(install, "PIP", [tmp_path / "pip"])
    assert install.install("site")
    assert said.read_text().split() == {None: ["pip"], 0: ["uv"], 1: ["uv", "pip"]}[uv]
    put_program(tmp_path / "pip", "[ $1 = config ]")
    assert install.install("site") is (uv == 0)


def put_program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_only_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    """Of a user who may not install it."""
    put_program(tmp_path / "id", "echo 1000")
    put_program(tmp_path / "sudo", "exit 1")
    put_program(tmp_path / "apt-get", "exit 1")
    put_program(
        tmp_path / "dpkg-query", "case $* in *there*) printf installed ;; *) exit 1 ;; esac"
    )
    script = ROOT / "tools/setup/install-packages.sh"

    def ask(*names: str) -> tuple[int, str]:
        done = subprocess.run(
            [script, *names],
            env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
            stderr=subprocess.PIPE,
            text=True,
        )
        return done.returncode, done.stderr

    assert ask("there", "there-too") == (0, "")
    assert ask("there", "gone") == (1, "Please run: sudo apt-get install gone\n")
