"""Linux from Debian's source package, for the machine that v86 is."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from . import HERE, kernel_folder
from .apt import Fetched
from .steps import BuildError, run, step

_FRAGMENT = HERE / "kernel.config"
_MAKE = ["make", "-s", "ARCH=i386", "KBUILD_BUILD_USER=lab", "KBUILD_BUILD_HOST=lab"]


def build_kernel(source: Fetched, *, from_nothing: bool) -> Path:
    """The folder with bzImage and kernel.config, from the cache if it is there."""
    folder = kernel_folder(source.version)
    if (folder / "bzImage").exists() and not from_nothing:
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="building-") as name:
        work = Path(name)
        with step(f"Unpack the source of Linux {source.version}"):
            tree = _unpack(source, work)
        with step("Configure Linux"):
            _configure(tree)
        with step("Compile Linux (some minutes)"):
            run([*_MAKE, f"-j{os.cpu_count() or 1}", "bzImage"], cwd=tree)
        made = work / "made"
        made.mkdir()
        shutil.copy(tree / "arch/x86/boot/bzImage", made)
        shutil.copy(tree / ".config", made / "kernel.config")
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
    return folder


def _unpack(source: Fetched, work: Path) -> Path:
    run(["dpkg-deb", "--extract", source.file, work / "package"])
    (archive,) = (work / "package/usr/src").glob("linux-source-*.tar.xz")
    run(["tar", "--extract", "--file", archive], cwd=work)
    (tree,) = work.glob("linux-source-*")
    return tree


def _configure(tree: Path) -> None:
    run([*_MAKE, "tinyconfig"], cwd=tree)
    run(["scripts/kconfig/merge_config.sh", "-m", ".config", _FRAGMENT], cwd=tree)
    run([*_MAKE, "olddefconfig"], cwd=tree)
    taken = set((tree / ".config").read_text("utf-8").splitlines())
    missing = [
        line
        for line in _FRAGMENT.read_text("utf-8").splitlines()
        if line.startswith("CONFIG_") and line not in taken
    ]
    if missing:
        raise BuildError(f"this Linux does not take {', '.join(missing)}")
