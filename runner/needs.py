"""What an example may need from the machine besides Python and the packages of `make test`."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .servers import postgres_program, program, redis_program
from .source import Source


@dataclass(frozen=True)
class Need:
    """A thing that may be missing, and how to see it, get it, and see that it is used."""

    is_met: Callable[[], bool]
    debian: str  # the packages that bring it
    used: re.Pattern[str]  # found in the source of an example that has the need
    said: str  # behind "Needs", to whoever downloads the example
    locked: str = ""  # what requirements/ calls that which is to be installed after those packages


def _on_path(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


NEEDS = {
    "cc": Need(
        _on_path("cc"), "gcc libc6-dev", re.compile(r"\b(?:cc|gcc|clang)\b"), "a C compiler: cc"
    ),
    "ruby": Need(_on_path("ruby"), "ruby", re.compile(r"\bruby\b"), "Ruby: ruby"),
    # The bare servers: packages that start no service and make no user.
    "mariadb": Need(
        lambda: program("mariadbd") is not None,
        "mariadb-server-core",
        re.compile(r"MYSQL_UNIX_PORT"),
        "a MariaDB server: MYSQL_UNIX_PORT=/path/to/its.sock",
    ),
    "redis": Need(
        lambda: redis_program() is not None,
        "redis-tools",
        re.compile(r"REDIS_URL"),
        "a Redis server: REDIS_URL=unix:///path/to/its.sock",
    ),
    # This package brings a service of its own; the tests never talk to it.
    "postgres": Need(
        lambda: postgres_program("initdb") is not None,
        "postgresql",
        re.compile(r"PGHOST|psycopg"),
        "a PostgreSQL server: PGHOST=/its/socket/folder PGUSER=postgres",
    ),
    # A driver that must be compiled, which `make test` asks of nobody.
    "mysqlclient": Need(
        lambda: importlib.util.find_spec("MySQLdb") is not None,
        "gcc libc6-dev pkg-config libmariadb-dev python3-dev",
        re.compile(r"\bMySQLdb\b"),
        "a C compiler and MariaDB's headers, to build mysqlclient",
        locked="mysqlclient",
    ),
    # Mounts of one's own. Docker and Ubuntu's AppArmor refuse them until told otherwise.
    "namespaces": Need(
        lambda: subprocess.call(["sh", "-c", "exec unshare -rm true 2>&-"]) == 0,
        "util-linux",
        re.compile(r"\bunshare\b"),
        "mounts of its own: `unshare -rm true` must succeed",
    ),
    "ss": Need(_on_path("ss"), "iproute2", re.compile(r"\bss -"), "Linux with iproute2: ss"),
}
_OF_LANGUAGE = {".c": "cc", ".rb": "ruby"}


def needs_of(source: Path, declared: tuple[str, ...]) -> tuple[str, ...]:
    """The needs of *source*: its language's, then those it declares."""
    own = _OF_LANGUAGE.get(source.suffix)
    return ((own,) if own else ()) + declared


def unneeded(source: Path, declared: tuple[str, ...]) -> list[str]:
    """Those *declared* that nothing in *source* asks for, or that its language implies."""
    text = Source(source).body
    own = _OF_LANGUAGE.get(source.suffix)
    return [name for name in declared if name == own or not NEEDS[name].used.search(text)]


def unmentioned(source: Path, declared: tuple[str, ...]) -> list[tuple[str, str]]:
    """Needs that *source* asks for and nobody declares, each with the word that asks."""
    text = Source(source).body
    known = needs_of(source, declared)
    return [
        (name, found[0])
        for name, need in NEEDS.items()
        if name not in known and (found := need.used.search(text))
    ]


def how_to_get(missing: list[str]) -> str:
    """What is missing and how Debian brings it, "" where nothing is."""
    if not missing:
        return ""
    packages = " ".join(dict.fromkeys(" ".join(NEEDS[name].debian for name in missing).split()))
    then = [
        f"then .venv/bin/pip install -r requirements/{locked}.txt"
        for name in missing
        if (locked := NEEDS[name].locked)
    ]
    commands = ", ".join([f"sudo apt-get install {packages}", *then])
    return f"{', '.join(missing)} not found; on Debian: {commands}; or `make test`, which does this"
