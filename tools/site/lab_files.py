"""The lab's files, on a site for which an image of its machine was built.

``make lab`` builds the image into a cache of this user (lab/image/build.py). A site that is built
without it has no Run buttons and lacks nothing else. What the reader's browser runs is lab/web/.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File

from lab.image import FILES, find_image
from runner.transcript import ALIASES
from tools.pages import CODES, ENGLISH, ROOT
from tools.site.languages import above, language_of
from tools.words import table

log = get_plugin_logger("lab")

WEB = ROOT / "lab" / "web"
NPM = ROOT / "node_modules"
BORROWED = {
    "machine/libv86.mjs": NPM / "v86/build/libv86.mjs",
    "machine/zstddec.mjs": NPM / "zstddec/dist/zstddec.mjs",
    "page/diff/array.js": NPM / "diff/libesm/diff/array.js",
    "page/diff/base.js": NPM / "diff/libesm/diff/base.js",
}  # as the browser finds them beside our own code
CODE = {"zstddec": "zstddec", "diff": "jsdiff"}  # packages of npm beside v86: their names
SERVICE_WORKER = "service-worker.js"  # at the root of the site: it serves what lies below it

_SOURCE = re.compile(r"^Source package: (\S+) (\S+) of Debian", re.M)


@dataclass(frozen=True)
class Part:
    """A thing the machine is made of."""

    name: str
    source: str  # Debian's source package, or ""
    version: str
    licence: Path

    @property
    def address(self) -> str:
        """Where the site has its licence."""
        return f"assets/lab/licences/{self.name}.txt"


@dataclass(frozen=True)
class Image:
    """A built image and the code that runs it, as files of the site."""

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What lab/image/build.py wrote down."""
        return dict(json.loads((self.folder / "manifest.json").read_text("utf-8")))

    @cached_property
    def files(self) -> dict[str, tuple[str, Path]]:
        """The large files by what the browser calls them: their addresses and where they are."""
        paths = {name: self.folder / file for name, file in FILES.items()}
        return {
            name: (f"assets/lab/{name}.{_hash(path.read_bytes())}.zst", path)
            for name, path in paths.items()
        }

    @cached_property
    def code(self) -> dict[str, bytes]:
        """Every file of the code by its path; the folder they lie in is named by their content."""
        own = {
            f"{path.parent.name}/{path.name}": path.read_bytes() for path in sorted(WEB.glob("*/*"))
        }
        borrowed = {name: path.read_bytes() for name, path in BORROWED.items()}
        return own | borrowed | {"page/words.mjs": _words_module()}

    @cached_property
    def code_folder(self) -> str:
        named = b"".join(name.encode() + content for name, content in self.code.items())
        return f"assets/lab/{_hash(named + self._files_module)}"

    @property
    def first_click(self) -> list[Path]:
        """What the first click loads, but for some kilobytes."""
        code = (BORROWED["machine/libv86.mjs"], BORROWED["machine/zstddec.mjs"])
        return [*(path for _, path in self.files.values()), *code]

    @cached_property
    def _files_module(self) -> bytes:
        """What the code must know of the files, and of transcripts."""
        files = {
            "machine": {
                "files": [self._file(name) for name in self.files],
                "memorySize": self.manifest["memory_size"],
            },
            "megabytes": f"{sum(path.stat().st_size for path in self.first_click) / 1e6:.1f}",
            "code": [name for name in self.code if name.endswith("js")],
            "serviceWorker": f"../../../{SERVICE_WORKER}",
        }
        known = {"FILES": files, "ALIASES": [asdict(alias) for alias in ALIASES]}
        lines = (
            f"export const {name} = {json.dumps(it, indent=1)}\n" for name, it in known.items()
        )
        return "".join(lines).encode()

    def _file(self, name: str) -> dict[str, Any]:
        address, path = self.files[name]
        raw_bytes = self.manifest["files"][name]["raw_bytes"]
        url, size = f"../{Path(address).name}", path.stat().st_size
        return {"name": name, "url": url, "bytes": size, "rawBytes": raw_bytes}

    @property
    def parts(self) -> Iterator[Part]:
        """All that the reader's browser is given."""
        for path in sorted((self.folder / "licences").iterdir()):
            found = _SOURCE.search(path.read_text("utf-8"))
            source, version = found.groups() if found else ("", str(self.manifest[path.stem]))
            yield Part(path.stem, source, version, path)
        for package, name in CODE.items():
            described = json.loads((NPM / package / "package.json").read_text("utf-8"))
            yield Part(name, "", described["version"], NPM / package / "LICENSE")

    def site_files(self, config: MkDocsConfig) -> Iterator[File]:
        """Everything the browser may ask for."""
        for address, path in self.files.values():
            yield File.generated(config, address, abs_src_path=str(path))
        for name, content in self.code.items():
            yield File.generated(config, f"{self.code_folder}/{name}", content=content)
        yield File.generated(config, f"{self.code_folder}/files.mjs", content=self._files_module)
        worker = (WEB / SERVICE_WORKER).read_bytes()
        yield File.generated(config, SERVICE_WORKER, content=worker)
        for part in self.parts:
            yield File.generated(config, part.address, abs_src_path=str(part.licence))


def _words_module() -> bytes:
    """What lab/web/page/buttons.mjs says, by language."""
    words = {code: table("lab.browser", code) for code in CODES}
    return f"export const WORDS = {json.dumps(words, ensure_ascii=False, indent=1)}\n".encode()


@cache
def find() -> Image | None:
    """The image for the present inputs, or None where `make lab` did not build it."""
    folder = find_image()
    is_installed = all(path.exists() for path in BORROWED.values())
    return Image(folder) if folder and is_installed else None


def load_buttons(config: MkDocsConfig) -> None:
    """Let each page load the code of the buttons."""
    image = find()
    if image is None:
        if language_of(config) is ENGLISH:
            log.info("no Run buttons: `make lab` builds the machine they need")
        return
    script = ExtraScriptValue(f"{above(config)}{image.code_folder}/page/buttons.mjs")
    script.type = "module"
    config.extra_javascript.append(script)


def files(config: MkDocsConfig) -> Iterator[File]:
    """What the browser may ask for; nothing where there is no image."""
    image = find()
    if image:
        yield from image.site_files(config)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
