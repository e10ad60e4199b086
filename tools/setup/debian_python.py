"""Debian's Pythons, unpacked into a root file system of their own, one for each suite.

Nothing of this machine changes: the packages come from its mirror, as those of the lab do, and are
unpacked below this user's cache. That takes a Debian, and a user who may make mount namespaces.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path

from lab.image import ROOT, cache_folder
from lab.image.apt import Archive, reach_archive
from lab.image.steps import BuildError, NotHereError, run
from runner import Version, name_of

SUITES: Mapping[Version, str] = {
    (3, 13): "trixie",
    (3, 14): "forky",
    (3, 15): "forky",
}
CACHE = cache_folder().parent / "pythons"

_ENTER = ROOT / "tools/setup/in-root.sh"
# A small Debian, and what the runner and the examples need in Python and besides.
_PACKAGES = (
    *("base-files", "base-passwd", "coreutils", "dash", "mount", "util-linux"),
    *("python3-packaging", "python3-psutil", "python3-pymysql", "python3-mysqldb"),
    *("findutils", "grep", "iproute2", "mawk", "procps", "sed"),  # what examples start
    *("gcc", "libc6-dev", "mariadb-server-core"),
)
_FOLDERS = ("dev", "etc", "old", "proc", "project", "root", "sys", "tmp", "usr", "var/tmp")
_MERGED = ("bin", "lib", "lib64", "sbin")  # into usr/
_UNREAD = ("./usr/share/doc", "./usr/share/locale", "./usr/share/man")
_FILES = {
    "hosts": "127.0.0.1 localhost\n",
    "nsswitch.conf": "hosts: files dns\n",
    "resolv.conf": "",
}


def debian_command(version: Version) -> list[str]:
    """What runs Debian's Python in this project, given the arguments of Python.

    Raises NotHereError where this machine cannot, BuildError when it should and fails.
    """
    _try_namespaces()
    reach_archive()
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        flock(lock, LOCK_EX)  # apt has no patience with another that unpacks the same
        root = _unpacked(SUITES[version])
    return [str(_ENTER), str(root), str(ROOT), f"/opt/{name_of(version)}/python"]


def _try_namespaces() -> None:
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    try:
        run(["unshare", *user, "--mount", "mount", "--bind", "/usr", "/usr"])
    except BuildError as error:
        reason = str(error).splitlines()[-1]
        raise NotHereError(f"this user may not mount in a namespace ({reason})") from None


@cache
def _unpacked(suite: str) -> Path:
    """The root of *suite*, made anew when Debian has newer packages."""
    print(f"Fetching {suite}, where it is new, into {CACHE} ...", flush=True)
    pythons = [f"python{name_of(version)}" for version, own in SUITES.items() if own == suite]
    archive = Archive(CACHE / "packages", run(["dpkg", "--print-architecture"]).strip(), suite)
    archive.update()
    packages = archive.fetch_all([*_PACKAGES, *pythons])
    content = "\n".join([*(path.name for path in packages), Path(__file__).read_text("utf-8")])
    root = CACHE / f"{suite}-{hashlib.sha256(content.encode()).hexdigest()[:16]}"
    if not root.exists():
        for old in CACHE.glob(f"{suite}-*"):
            shutil.rmtree(old)
        with tempfile.TemporaryDirectory(dir=CACHE) as unfinished:
            _unpack(packages, Path(unfinished))
            Path(unfinished).rename(root)
            Path(unfinished).mkdir()  # for its context to remove
    root.chmod(0o755)
    return root


def _unpack(packages: Iterable[Path], root: Path) -> None:
    for name in _FOLDERS:
        (root / name).mkdir(parents=True)
    for name in _MERGED:
        (root / "usr" / name).mkdir()
        (root / name).symlink_to(f"usr/{name}")
    options = ["--keep-directory-symlink", "--no-same-owner"]
    options += [f"--exclude={path}" for path in _UNREAD]
    for package in packages:
        with subprocess.Popen(
            ["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE
        ) as reader:
            subprocess.run(
                ["tar", "--extract", "--directory", root, *options], stdin=reader.stdout, check=True
            )
        if reader.returncode:
            raise BuildError(f"{package.name} cannot be read")
    # What the packages' own scripts would have done.
    (root / "usr/bin/awk").symlink_to("mawk")
    # As readers call it: from 3.14 on, faulthandler prints the name of the program.
    for python in (root / "usr/bin").glob("python3.??"):
        folder = root / "opt" / python.name.removeprefix("python")
        folder.mkdir(parents=True)
        (folder / "python").symlink_to(f"/usr/bin/{python.name}")
    for name in ("group", "passwd"):
        shutil.copy(root / f"usr/share/base-passwd/{name}.master", root / f"etc/{name}")
    for name, text in _FILES.items():
        (root / "etc" / name).write_text(text, "utf-8")
    (root / "usr/bin/cc").symlink_to("gcc")
