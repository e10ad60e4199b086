"""The texts that go with a copy of the image: whose it is, and how to get its source."""

from __future__ import annotations

from pathlib import Path

from . import ROOT, v86_version
from .apt import Fetched
from .steps import BuildError, run

_HEADER = """\
{name}
{line}
Source package: {source} {version} of Debian ({suite}).
How to get it, on a Debian with that suite among its `deb-src` sources:

    apt-get source {source}={version}

"""
_V86 = """\
v86 {version}, the npm package of that name, unchanged.

"""


def write_licences(folder: Path, content: Path, packages: list[Fetched]) -> None:
    """One file for each source package, and one for v86."""
    folder.mkdir()
    for fetched in _one_of_each_source(content, packages):
        heading = _HEADER.format(
            name=fetched.source,
            line="=" * len(fetched.source),
            source=fetched.source,
            version=fetched.source_version,
            suite=fetched.package.suite,
        )
        text = heading + _copyright(content, fetched)
        (folder / f"{fetched.source}.txt").write_text(text, "utf-8")
    text = (ROOT / "node_modules/v86/LICENSE").read_text("utf-8")
    (folder / "v86.txt").write_text(_V86.format(version=v86_version()) + text, "utf-8")


def _one_of_each_source(content: Path, packages: list[Fetched]) -> list[Fetched]:
    """Of the packages from one source, the one that has the text."""
    chosen: dict[str, Fetched] = {}
    for one in packages:
        folder = content / "usr/share/doc" / one.package.name
        if one.source not in chosen or (folder.is_dir() and not folder.is_symlink()):
            chosen[one.source] = one
    return list(chosen.values())


def _copyright(content: Path, fetched: Fetched) -> str:
    """Debian's file about the package; that of Linux stays packed with its source."""
    name = fetched.package.name
    path = content / "usr/share/doc" / name / "copyright"
    if path.exists():
        return path.read_text("utf-8")
    if not fetched.source.startswith("linux"):
        raise BuildError(f"{name} has no usr/share/doc/{name}/copyright")
    names = f"./usr/share/doc/{name}/copyright"
    pipe = 'dpkg-deb --fsys-tarfile "$1" | tar --extract --to-stdout "$2"'
    return run(["sh", "-c", pipe, "sh", fetched.file, names])
