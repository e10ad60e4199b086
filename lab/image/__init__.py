"""Where the image is, and which one belongs to the present inputs."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILES = {  # by what the browser calls them: lab/web/machine/worker.mjs
    "memory": "machine.memory.zst",
    "rest": "machine.rest.zst",
    "wasm": "v86.wasm.zst",
}
MANIFEST = "manifest.json"

_KERNEL_INPUTS = ("kernel.config", "kernel.py")
_INPUTS = (
    "*.py",
    "save.mjs",
    "packages.txt",
    "kernel.config",
    "v86-notices.txt",
    "rootfs/*",
    "../web/machine/options.mjs",
    "../web/machine/state.mjs",
)


def cache_folder() -> Path:
    """The folder of all images, kernels and downloads."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "after-fork" / "lab"


def image_folder() -> Path:
    """The folder that the image of the present inputs has or will have."""
    return cache_folder() / _hash_of(_files(_INPUTS), v86=v86_version())


def kernel_folder(source_version: str) -> Path:
    """The same for the kernel, which has fewer inputs and takes longer."""
    name = _hash_of(_files(_KERNEL_INPUTS), source=source_version)
    return cache_folder() / f"kernel-{name}"


def find_image() -> Path | None:
    """The folder of the image for the present inputs, or None when it is not built."""
    folder = image_folder()
    return folder if (folder / MANIFEST).is_file() else None


def v86_version() -> str:
    """The version of v86 that package-lock.json names."""
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    return str(lock["packages"]["node_modules/v86"]["version"])


def _files(patterns: Iterable[str]) -> list[Path]:
    found = {path.resolve() for pattern in patterns for path in HERE.glob(pattern)}
    return sorted(path for path in found if path.is_file())


def _hash_of(files: Iterable[Path], **words: str) -> str:
    digest = hashlib.sha256()
    entries: Mapping[str, bytes] = {
        **{str(path.relative_to(ROOT)): path.read_bytes() for path in files},
        **{key: word.encode() for key, word in words.items()},
    }
    for name, content in sorted(entries.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]
