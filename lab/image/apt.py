"""Debian packages of any suite and architecture, by an apt state of our own.

The machine's sources, architectures and installed packages stay as they are. Only the addresses of
its mirrors are read, from both formats that apt knows.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from . import HERE, ROOT
from .steps import BuildError, run, warn

PACKAGES = HERE / "packages.txt"
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_SOURCES = Path("/etc/apt")
_INSTALL = "A Debian container is enough: its apt knows a mirror, and debian-archive-keyring."
_GONE = """\
{package.name} {package.version} is gone from {package.suite}; building with {newest}.
    To record the versions of today: .venv/bin/python lab/image/build.py --update"""
_CONFIGURATION = """\
APT::Architecture "{architecture}";
APT::Architectures {{ "{architecture}"; }};
APT::Sandbox::User "root";
Dir::State "{folder}";
Dir::State::lists "{folder}/lists";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}";
Dir::Cache::archives "{folder}/archives";
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferences "-";
Dir::Etc::preferencesparts "-";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::Check-Valid-Until "false";
"""  # versions are recorded: the index of a mirror that lags behind does no harm


@dataclass(frozen=True)
class Package:
    """A package as packages.txt names it."""

    name: str
    version: str
    architecture: str  # of the index it stands in
    suite: str


@dataclass(frozen=True)
class Fetched:
    """A package that was fetched."""

    package: Package
    file: Path
    version: str
    source: str  # the source package, and its version
    source_version: str


def read_packages() -> list[Package]:
    """What packages.txt asks for."""
    packages, architecture, suite = [], "", ""
    for line in PACKAGES.read_text("utf-8").splitlines():
        words = line.partition("#")[0].strip("[] ").split()
        if line.startswith("["):
            architecture, suite = words
        elif words:
            packages.append(Package(words[0], words[1], architecture, suite))
    return packages


def write_versions(fetched: Iterable[Fetched]) -> None:
    """Record in packages.txt the versions that were fetched."""
    text = PACKAGES.read_text("utf-8")
    for one in fetched:
        line = re.compile(rf"^{re.escape(one.package.name)} .*$", re.MULTILINE)
        text = line.sub(f"{one.package.name} {one.version}", text)
    PACKAGES.write_text(text, "utf-8")


class Archive:
    """One suite for one architecture."""

    def __init__(self, folder: Path, architecture: str, suite: str) -> None:
        self._folder = folder / f"{suite}-{architecture}"
        self._architecture = architecture
        self._suite = suite
        self._sources: list[str] = []
        self._has_updates = False
        self._offered: dict[str, list[str]] = {}

    def update(self) -> None:
        """Fetch the index of the suite itself. It may not fail."""
        shutil.rmtree(self._folder / "lists", ignore_errors=True)
        for name in ("lists/partial", "archives/partial"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        (self._folder / "status").touch()
        (self._folder / "apt.conf").write_text(
            _CONFIGURATION.format(architecture=self._architecture, folder=self._folder), "utf-8"
        )
        self._read_indexes([f"{_mirrors().main} {self._suite}"])

    def _add_updates(self) -> None:
        """Fetch the indexes of updates and security too. A mirror may have none, or half of one."""
        self._has_updates = True
        mirrors = _mirrors()
        self._add_if_readable(f"{mirrors.main} {self._suite}-updates")
        self._add_if_readable(f"{mirrors.security} {self._suite}-security")

    def _add_if_readable(self, source: str) -> None:
        before = self._sources
        try:
            self._read_indexes([*before, source])
        except BuildError as error:
            _, suite = source.split()
            warn(f"Going on without {suite} for {self._architecture}. {_reason(error)}")
            self._read_indexes(before)

    def _read_indexes(self, sources: list[str]) -> None:
        self._sources = sources
        self._offered.clear()
        lines = [f"deb [signed-by={_KEYRING}] {source} main\n" for source in sources]
        (self._folder / "sources.list").write_text("".join(lines), "utf-8")
        self._apt("apt-get", "--quiet", "update", "-o", "APT::Update::Error-Mode=any")

    def fetch(self, package: Package, *, newest: bool) -> Fetched:
        """The package in its recorded version, if it is still there and *newest* is not asked."""
        version = package.version
        if newest or version not in self._versions(package.name):
            if not self._has_updates:
                self._add_updates()
            offered = self._versions(package.name)
            if newest or version not in offered:
                if not newest:
                    warn(_GONE.format(package=package, newest=offered[0]))
                version = offered[0]
        folder = self._folder / "archives"
        before = set(folder.glob(f"{package.name}_*.deb"))
        known = [path for path in before if _field(path, "Version") == version]
        if not known:
            self._apt("apt-get", "download", f"{package.name}={version}", cwd=folder)
            known = sorted(set(folder.glob(f"{package.name}_*.deb")) - before)
        if len(known) != 1:
            raise BuildError(f"apt-get download left no new file of {package.name} {version}")
        return _fetched(replace(package, version=version), known[0])

    def fetch_base(self, fetched: Fetched) -> list[Fetched]:
        """The package that holds the licence text of *fetched*, if it is another: gcc's base."""
        needs = re.findall(r"(\S+-base) \(= ([^)]+)\)", _field(fetched.file, "Depends"))
        packages = [replace(fetched.package, name=name, version=version) for name, version in needs]
        return [self.fetch(package, newest=False) for package in packages]

    def _versions(self, name: str) -> list[str]:
        """What the archive has of a package, newest first."""
        if name not in self._offered:
            self._offered |= self._ask({name, *(one.name for one in read_packages())})
        if not self._offered.get(name):
            raise BuildError(
                f"{self._suite} has no {name} for {self._architecture} any more. Where it went, or"
                f" what took its place, belongs in {PACKAGES.relative_to(ROOT)}."
            )
        return self._offered[name]

    def _ask(self, names: Iterable[str]) -> dict[str, list[str]]:
        """The versions of all packages in one call: each takes apt a second."""
        versions: dict[str, list[str]] = {}
        for line in self._apt("apt-cache", "madison", *sorted(names)).splitlines():
            name, version, _ = (word.strip() for word in line.split("|"))
            versions.setdefault(name, []).append(version)
        return versions

    def _apt(self, *command: str, cwd: Path | None = None) -> str:
        return run(command, cwd=cwd, environment={"APT_CONFIG": str(self._folder / "apt.conf")})


def _fetched(package: Package, file: Path) -> Fetched:
    version = _field(file, "Version")
    source, _, rest = (_field(file, "Source") or package.name).partition(" ")
    return Fetched(package, file, version, source, rest.strip("()") or version)


def _reason(error: BuildError) -> str:
    """The first error that apt names, of all it said."""
    lines = str(error).splitlines()
    return next((line for line in lines if line.startswith("E: ")), lines[0])


def _field(file: Path, name: str) -> str:
    return run(["dpkg-deb", "--field", file, name]).strip()


@dataclass(frozen=True)
class _Mirrors:
    main: str
    security: str  # a guess when the machine has none


def _mirrors() -> _Mirrors:
    """Where this machine gets Debian from."""
    if shutil.which("apt-get") is None or not _KEYRING.exists():
        raise BuildError(f"This machine is not a Debian. {_INSTALL}")
    found = [address.rstrip("/") for address in _addresses()]
    main = [address for address in found if address.endswith("/debian")]
    security = [address for address in found if "debian-security" in address]
    if not main:
        raise BuildError(f"apt has no mirror of Debian in {_SOURCES}. {_INSTALL}")
    neighbour = f"{main[0].removesuffix('/debian')}/debian-security"
    return _Mirrors(main[0], security[0] if security else neighbour)


def _addresses() -> Iterator[str]:
    lists = [_SOURCES / "sources.list", *sorted(_SOURCES.glob("sources.list.d/*.list"))]
    for path in lists:
        if path.exists():
            one_line = re.compile(r"^\s*deb\s+(?:\[[^]]*\]\s*)?(\S+)", re.MULTILINE)
            yield from one_line.findall(path.read_text("utf-8"))
    for path in sorted(_SOURCES.glob("sources.list.d/*.sources")):
        text = re.sub(r"^#.*\n?", "", path.read_text("utf-8"), flags=re.MULTILINE)
        for stanza in re.split(r"\n\s*\n", text):
            if not re.search(r"^Enabled:\s*no", stanza, re.MULTILINE | re.IGNORECASE):
                for value in re.findall(r"^URIs:((?:.*\n?)(?:[ \t].*\n?)*)", stanza, re.MULTILINE):
                    yield from value.split()
