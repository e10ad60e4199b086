"""The root file system: Python, psutil, busybox, and the three programs of rootfs/."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

from . import HERE
from .apt import Fetched
from .steps import BuildError, run

_OURS = HERE / "rootfs"
_MULTIARCH = "i386-linux-gnu"
_LIBRARIES = (
    "ld-linux.so.2",
    "libc.so.6",
    "libm.so.6",
    "libresolv.so.2",  # busybox
    "libgcc_s.so.1",  # pthread_exit()
    "libz.so.1",
    "libexpat.so.1",
    "libffi.so.8",
    "libsqlite3.so.0",
)
_ENCODINGS = (
    *("__init__", "aliases", "ascii", "charmap", "hex_codec", "idna", "latin_1", "punycode"),
    *("raw_unicode_escape", "undefined", "unicode_escape", "utf_8", "utf_8_sig", "utf_16*"),
    "utf_32*",
)
# Modules that keep their source, for the tracebacks that the examples show.
_WITH_SOURCE = (
    *("os", "threading", "subprocess", "signal", "socket", "socketserver", "selectors", "queue"),
    *("contextlib", "tempfile", "runpy", "random", "pty", "weakref", "functools", "shutil"),
    *("logging/__init__", "multiprocessing/*", "concurrent/futures/*"),
)
_FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nyou:x:1000:1000:you:/home/you:/bin/sh\n",
    "etc/group": "root:x:0:\ntty:x:5:\nyou:x:1000:\n",
    "etc/hosts": "127.0.0.1 localhost lab\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\nservices: files\n",
    "etc/resolv.conf": "",
    "etc/services": "http 80/tcp\nhttps 443/tcp\n",
}
_COMPILE = HERE / "compile_modules.py"


class RootFileSystem:
    """What is built below a folder."""

    def __init__(self, work: Path, packages: Iterable[Fetched]) -> None:
        self.packages = work / "packages"  # their content
        self._root = work / "root"
        for fetched in packages:
            run(["dpkg-deb", "--extract", fetched.file, self.packages])
        (interpreter,) = self.packages.glob("usr/bin/python3.*")
        self.python = interpreter.name  # "python3.14"

    def lay_out(self) -> None:
        """Copy together what the machine needs."""
        for name in ("proc", "sys", "dev", "tmp", "run", "root", "mnt", "opt", "etc", "var/tmp"):
            (self._root / name).mkdir(parents=True)
        for name in ("usr/bin", "usr/lib", "home/you", "usr/local/bin"):
            (self._root / name).mkdir(parents=True)
        for name, target in (("bin", "usr/bin"), ("sbin", "usr/bin"), ("lib", "usr/lib")):
            (self._root / name).symlink_to(target)
        for name, text in _FILES.items():
            (self._root / name).write_text(text, "utf-8")
        self._copy_libraries()
        self._copy_python()
        self._copy_ours()
        self._link_applets()

    def _copy_libraries(self) -> None:
        folder = self._root / "usr/lib" / _MULTIARCH
        folder.mkdir()
        for name in _LIBRARIES:
            shutil.copy(self._find(name), folder / name)
        (self._root / "usr/lib/ld-linux.so.2").symlink_to(f"{_MULTIARCH}/ld-linux.so.2")

    def _find(self, name: str) -> Path:
        """A library, which older Debians have in /lib."""
        for folder in ("usr/lib", "lib"):
            path = self.packages / folder / _MULTIARCH / name
            if path.exists():
                return path
        raise BuildError(f"no package brought {name}")

    def _copy_python(self) -> None:
        usr = self._root / "usr"
        shutil.copy(self.packages / "usr/bin" / self.python, usr / "bin")
        for name in ("python3", "python"):
            (usr / "bin" / name).symlink_to(self.python)
        library = usr / "lib" / self.python
        shutil.copytree(
            self.packages / "usr/lib" / self.python,
            library,
            ignore=lambda *_: ["__pycache__"],
            ignore_dangling_symlinks=True,
        )
        for pattern in _read_patterns(_OURS / "leave-out.txt"):
            for path in library.glob(pattern):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in (library / "encodings").iterdir():
            if not any(fnmatch(path.name, f"{name}.py") for name in _ENCODINGS):
                path.unlink()
        shutil.copytree(
            self.packages / "usr/lib/python3/dist-packages/psutil",
            usr / "lib/python3/dist-packages/psutil",
            ignore=shutil.ignore_patterns("tests", "_ps[!lp]*.py", "__pycache__"),
        )

    def _copy_ours(self) -> None:
        shutil.copy(_OURS / "init", self._root / "init")
        (self._root / "init").chmod(0o755)
        for name in ("runner.py", "preload.txt"):
            shutil.copy(_OURS / name, self._root / "opt")
        compile_leader(_OURS / "leader.c", self._root / "opt/leader")

    def _link_applets(self) -> None:
        busybox = self.packages / "usr/bin/busybox"
        if not busybox.exists():
            busybox = self.packages / "bin/busybox"
        shutil.copy(busybox, self._root / "usr/bin")
        (self._root / "usr/bin/env").symlink_to("busybox")
        for applet in self._inside("/usr/bin/busybox", "--list").split():
            link = self._root / "usr/bin" / applet
            if not link.exists():
                link.symlink_to("busybox")

    def compile_python(self) -> None:
        """Compile the modules with the image's own Python; most lose their source."""
        script = self._root / "compile_modules.py"
        shutil.copy(_COMPILE, script)
        self._inside("/usr/bin/python", "-B", script.name, self.python, *_WITH_SOURCE)
        script.unlink()

    def _inside(self, *command: str) -> str:
        """Run a program of the image: this machine's kernel executes it."""
        enter = ["chroot", str(self._root)]
        if os.geteuid() != 0:  # whose PATH has no chroot
            enter = ["unshare", "--map-root-user", f"--root={self._root}"]
        return run([*enter, "/usr/bin/env", "-i", "LC_ALL=C.UTF-8", *command])

    def pack(self, target: Path) -> None:
        """Write the gzipped initramfs."""
        (self._root / "tmp").chmod(0o1777)
        (self._root / "var/tmp").chmod(0o1777)
        names = sorted(str(path.relative_to(self._root)) for path in self._root.rglob("*"))
        archive = target.with_suffix(".cpio")
        command = ["cpio", "--create", "--format=newc", "--reproducible", "--quiet"]
        command.append("--owner=+0:+0")
        run(
            [*command, f"--file={archive}"],
            cwd=self._root,
            stdin="\n".join([".", *names]).encode(),
        )
        target.write_bytes(gzip.compress(archive.read_bytes(), 1, mtime=0))
        archive.unlink()


def compile_leader(source: Path, target: Path) -> None:
    """Compile a 32-bit program that needs no library; its headers are the 64-bit system's."""
    multiarch = run(["gcc", "-print-multiarch"]).strip()
    run(
        [
            *("gcc", "-m32", "-march=i686", "-Os", "-Wall", "-Wextra", "-Werror", "-s"),
            *("-static", "-nostdlib", "-ffreestanding", "-fno-stack-protector"),
            *("-fno-pic", "-no-pie", "-fno-asynchronous-unwind-tables", "-fcf-protection=none"),
            *("-idirafter", f"/usr/include/{multiarch}", "-o", target, source),
        ]
    )


def _read_patterns(path: Path) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]
