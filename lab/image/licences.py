"""The texts that go with a copy of the image: whose it is, and how to get its source."""

from __future__ import annotations

import re
from pathlib import Path

from . import HERE, ROOT, v86_version
from .apt import Fetched
from .steps import BuildError, run

_HEADER = """\
{name}
{line}
Source package: {source} {version} of Debian ({suite}).
How to get it, on a Debian with that suite among its `deb-src` sources:

    apt-get source {source}={version}

"""
_TEXTS = Path("/usr/share/common-licenses")
_COMMON = re.compile(rf"{_TEXTS}/(\{{[\w.,-]+\}}|[\w.-]*\w)")
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
        text = heading + _with_texts(_copyright(content, fetched))
        (folder / f"{fetched.source}.txt").write_text(text, "utf-8")
    parts = [ROOT / "node_modules/v86/LICENSE", HERE / "v86-notices.txt"]
    texts = [_V86.format(version=v86_version()), *(path.read_text("utf-8") for path in parts)]
    (folder / "v86.txt").write_text("\n\n".join(texts), "utf-8")


def _one_of_each_source(content: Path, packages: list[Fetched]) -> list[Fetched]:
    """Of the packages from one source, the one that has the text."""
    chosen: dict[str, Fetched] = {}
    for one in packages:
        folder = content / "usr/share/doc" / one.package.name
        if one.source not in chosen or (folder.is_dir() and not folder.is_symlink()):
            chosen[one.source] = one
    return list(chosen.values())


def _with_texts(said: str) -> str:
    """What Debian says of a package, and the whole of each text that it refers to."""
    found = [name.strip("{}").split(",") for name in _COMMON.findall(said)]
    names = sorted({name for names in found for name in names})
    texts = [f"{name}\n{'=' * len(name)}\n\n{(_TEXTS / name).read_text('utf-8')}" for name in names]
    return "\n\n".join([said, *texts])


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
