"""``python -m tools.setup.install SET``: put what requirements/SET.txt locks into .venv.

``site`` makes .venv anew first, with the Python that runs this, and gets uv. Where uv cannot be
had or fails, pip does the same, only slower. It needs nothing but the standard library.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
UV = VENV / "bin/uv"
PIP: list[str | Path] = [PYTHON, "-m", "pip", "--disable-pip-version-check"]
LOCKED = ["--no-deps", "--require-hashes", "--requirement"]
# What uv does not ask pip's settings for.
OF_PIP = {
    "cert": "SSL_CERT_FILE",
    "index-url": "UV_DEFAULT_INDEX",
    "proxy": "ALL_PROXY",
    "trusted-host": "UV_INSECURE_HOST",
}


def main(name: str) -> int:
    """0, or 1 when it could not be installed; what failed was printed then."""
    if name == "site" and not make_venv():
        return 1
    return int(not install(name))


def make_venv() -> bool:
    """Make .venv from nothing, with uv in it where there is a wheel; True if there is a .venv."""
    version = ".".join(map(str, sys.version_info[:2]))
    if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
        package = f"python{version}-venv"
        if subprocess.call([ROOT / "tools/setup/install-packages.sh", package]):
            print(f"Python {version} lacks its venv module.", file=sys.stderr)
            return False
    python = Path(sys.executable).resolve()  # not that of .venv, in a shell that activated it
    if VENV.is_symlink():
        VENV.unlink()
    shutil.rmtree(VENV, ignore_errors=True)
    if not _runs(f".venv with Python {version}", [python, "-m", "venv", VENV]):
        return False
    _runs("uv", [*PIP, "install", "--quiet", "--only-binary=:all:", *LOCKED, _lock("uv")])
    return True


def install(name: str) -> bool:
    """Install what is locked as *name*, of which nothing may be there; True if it is there now."""
    lock = _lock(name)
    what = f"requirements/{name}.txt"
    with_uv: list[str | Path] = [UV, "pip", "install", "--quiet", "--python", PYTHON, *LOCKED, lock]
    if UV.exists() and _runs(what, with_uv, uv_environment()):
        return True
    return _runs(f"{what}, by pip", [*PIP, "install", "--quiet", "--no-compile", *LOCKED, lock])


def uv_environment() -> dict[str, str]:
    """Ours, and in the variables of uv what pip was told of its index, proxy and certificates."""
    said = subprocess.run([*PIP, "config", "list"], stdout=subprocess.PIPE, text=True, check=True)
    settings = {"UV_SYSTEM_CERTS": "true"}  # as pip does
    for section in ("global", "install", ":env:"):
        for key, value in re.findall(rf"^{section}\.([\w-]+)=(.*)", said.stdout, re.MULTILINE):
            if variable := OF_PIP.get(key):
                settings[variable] = " ".join(ast.literal_eval(value).split())
    return settings | os.environ


def _lock(name: str) -> Path:
    return ROOT / f"requirements/{name}.txt"


def _runs(
    what: str, command: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> bool:
    """Run a step of the set-up; one line that says what it is and how long it took."""
    print(f"Set-up: {what} ...", end=" ", flush=True)
    begin = time.monotonic()
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    print("failed:" if done.returncode else f"{time.monotonic() - begin:.1f} s", flush=True)
    if done.returncode:
        print(done.stdout, file=sys.stderr, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
