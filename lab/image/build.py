"""Build the image: `python lab/image/build.py [--from-nothing] [--update] [--names]`.

What it is made of stands in packages.txt; where it is, `lab.image.find_image()` says.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if __package__ in (None, ""):
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from lab.image import (
    FILES,
    HERE,
    MANIFEST,
    ROOT,
    cache_folder,
    find_image,
    image_folder,
    kernel_folder,
    v86_version,
)
from lab.image.apt import Archive, Fetched, read_packages, write_versions
from lab.image.kernel import build_kernel
from lab.image.licences import write_licences
from lab.image.rootfs import RootFileSystem
from lab.image.steps import BuildError, run, step

MEMORY_SIZE = 96  # MiB; v86 lays the initramfs at 64 MiB, so it cannot be less
_TOOLS = {
    "bc": "bc",
    "bison": "bison",
    "cpio": "cpio",
    "flex": "flex",
    "gcc": "gcc libc6-dev",
    "make": "make",
    "node": "nodejs",
    "npm": "npm",
    "xz": "xz-utils",
    "zstd": "zstd",
}
_HEADER = Path("/usr/include/libelf.h")
_MODULES = ROOT / "node_modules/v86/build"
_GOALS = {"state": 11_500_000, "first click": 12_500_000}


def main() -> int:
    """Build what is not there; print where it is and how large."""
    parser = argparse.ArgumentParser(description="Build the Linux that runs examples.")
    parser.add_argument("--from-nothing", action="store_true", help="use nothing of the cache")
    parser.add_argument("--update", action="store_true", help="take and record newest versions")
    parser.add_argument("--names", action="store_true", help="print what it is kept as; no more")
    options = parser.parse_args()
    if options.names:
        source = next(one for one in read_packages() if one.name.startswith("linux-source"))
        print(f"kernel={kernel_folder(source.version).name}\nimage={image_folder().name}")
        return 0
    begin = time.monotonic()
    try:
        folder = None if options.from_nothing or options.update else find_image()
        if folder is None:
            folder = build(from_nothing=options.from_nothing, update=options.update)
            print(f"Built in {time.monotonic() - begin:.0f} s.")
    except BuildError as error:
        print(f"\nThe image was not built. {error}", file=sys.stderr)
        return 1
    show(folder)
    return 0


def _need_x86() -> None:
    if platform.machine() not in ("x86_64", "i686"):
        raise BuildError("It needs an x86 processor, to run the image's 32-bit Python.")


def build(*, from_nothing: bool, update: bool) -> Path:
    """Build the image into the cache; its folder."""
    _need_x86()
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    _install_tools()
    packages = _fetch(cache / "packages", newest=update, from_nothing=from_nothing)
    if update:
        write_versions(packages)
    source = next(one for one in packages if one.source.startswith("linux"))
    kernel = build_kernel(source, from_nothing=from_nothing)
    target = image_folder()
    with _work_folder(cache) as work:
        made = work / "made"
        made.mkdir()
        _make(work, made, kernel, packages)
        shutil.rmtree(target, ignore_errors=True)
        made.rename(target)
    return target


def _install_tools() -> None:
    missing = [names for command, names in _TOOLS.items() if shutil.which(command) is None]
    if not _HEADER.exists():
        missing.append("libelf-dev")
    names = " ".join(missing).split()
    if names:
        with step("Install build tools"):
            run([ROOT / "tools/setup/install-packages.sh", *names])
    if not _MODULES.is_dir():
        with step("Install what package-lock.json names"):
            run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT)


def _fetch(folder: Path, *, newest: bool, from_nothing: bool) -> list[Fetched]:
    if from_nothing:
        shutil.rmtree(folder, ignore_errors=True)
    archives: dict[tuple[str, str], Archive] = {}
    fetched = []
    wanted = read_packages()
    for package in wanted:
        key = (package.architecture, package.suite)
        if key not in archives:
            archives[key] = Archive(folder, *key)
            with step(f"Read the index of {package.suite} for {package.architecture}"):
                archives[key].update()
    with step(f"Fetch {len(wanted)} packages"):
        for package in wanted:
            archive = archives[package.architecture, package.suite]
            fetched.append(archive.fetch(package, newest=newest))
            fetched.extend(archive.fetch_base(fetched[-1]))
    return fetched


@contextmanager
def _work_folder(cache: Path) -> Iterator[Path]:
    """A folder beside the target, so that the result can be renamed into place."""
    with tempfile.TemporaryDirectory(dir=cache, prefix="building-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def _make(work: Path, made: Path, kernel: Path, packages: list[Fetched]) -> None:
    binaries = [one for one in packages if not one.source.startswith("linux")]
    with step("Lay out the root file system"):
        files = RootFileSystem(work, binaries)
        files.lay_out()
    with step("Compile Python's modules"):
        files.compile_python()
    with step("Pack it"):
        files.pack(work / "initrd.gz")
    shutil.copy(kernel / "bzImage", work)
    shutil.copy(kernel / "kernel.config", made)
    bios = files.packages / "usr/share/seabios"
    shutil.copy(bios / "bios.bin", work / "bios.bin")
    shutil.copy(bios / "vgabios-stdvga.bin", work / "vgabios.bin")
    with step("Boot it, and save the waiting Python"):
        _save(work)
    shutil.copy(_MODULES / "v86.wasm", work)
    with step("Compress the state"):
        compressed = {
            name: _compress(work / Path(file).stem, made / file) for name, file in FILES.items()
        }
    write_licences(made / "licences", files.packages, packages)
    _write_manifest(made, compressed, files.python, packages)
    with step("Check it"):
        run(["node", HERE / "check.mjs", made], cwd=ROOT)


def _save(work: Path) -> None:
    try:
        run(["node", HERE / "save.mjs", work, str(MEMORY_SIZE)], cwd=ROOT)
    except BuildError as error:
        log = work / "boot.log"
        tail = log.read_text("utf-8", "replace")[-2000:] if log.exists() else ""
        raise BuildError(f"{error}\nThe console's last words:\n{tail}") from error


def _compress(source: Path, target: Path) -> dict[str, str | int]:
    """Compress a file; what the manifest says of it."""
    run(["zstd", "--ultra", "-22", "--quiet", source, "-o", target])
    target.chmod(0o644)
    bytes_, raw_bytes = target.stat().st_size, source.stat().st_size
    sha256 = hashlib.sha256(target.read_bytes()).hexdigest()
    return {"file": target.name, "bytes": bytes_, "raw_bytes": raw_bytes, "sha256": sha256}


def _write_manifest(
    made: Path,
    compressed: dict[str, dict[str, str | int]],
    python: str,
    packages: list[Fetched],
) -> None:
    content = {
        "files": compressed,
        "memory_size": MEMORY_SIZE,
        "v86": v86_version(),
        "python": _version(packages, f"{python}-minimal"),
        "kernel": _version(packages, "linux-source-"),
        "packages": {one.package.name: one.version for one in packages},
        "suites": sorted({f"{one.package.suite}/{one.package.architecture}" for one in packages}),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }
    (made / MANIFEST).write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def _version(packages: list[Fetched], start: str) -> str:
    full = next(one.version for one in packages if one.package.name.startswith(start))
    return full.rpartition("-")[0]


def show(folder: Path) -> None:
    """Where the image is, and its sizes beside the goals."""
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    sizes = {name: file["bytes"] for name, file in manifest["files"].items()}
    state = sizes["memory"] + sizes["rest"]
    code = (_MODULES / "libv86.mjs", ROOT / "node_modules/zstddec/dist/zstddec.mjs")
    click = state + sizes["wasm"] + sum(path.stat().st_size for path in code)
    print(f"{folder}")
    print(f"Python {manifest['python']}, Linux {manifest['kernel']}, v86 {manifest['v86']}")
    for name, size in (("state", state), ("first click", click)):
        fits = "" if size <= _GOALS[name] else "  TOO LARGE"
        print(f"  {name:12}{size / 1e6:6.2f} MB   goal {_GOALS[name] / 1e6:5.2f} MB{fits}")


if __name__ == "__main__":
    sys.exit(main())
