"""Private servers for the examples that need one: started when first asked for, then kept.

Each lives in a folder of its own directly below the system's temporary folder, listens on a unix
socket there and nowhere else, and is ended by its pid. No server asks for a password, and with a
port it would let every local user in, to act on files as whoever runs the tests; the folder lets
nobody else pass. For root it runs as ``nobody``, who then owns the folder; no permission of any
other folder is changed, and no user or service is made.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START_LIMIT = 30.0  # seconds
STOP_LIMIT = 10.0


@dataclass(frozen=True)
class Server:
    """How one kind of server is started, and how its clients find it."""

    prepare: Callable[[Path], Sequence[str]]  # a command to run first, or nothing
    start: Callable[[Path], Sequence[str]]
    ready: bytes  # what its log says when it serves, in lower case
    stop_signal: signal.Signals
    environment: Callable[[Path], Mapping[str, str]]  # for the clients


def program(name: str, *places: str) -> str | None:
    """The path of a server program, which Debian often keeps off PATH."""
    folders = [*os.environ.get("PATH", os.defpath).split(":"), "/usr/sbin"]
    for place in places:
        folders += sorted(map(str, Path("/").glob(place.lstrip("/"))), reverse=True)
    return shutil.which(name, path=":".join(folders))


def postgres_program(name: str) -> str | None:
    """Debian keeps each major version of PostgreSQL in a folder of its own."""
    return program(name, "/usr/lib/postgresql/*/bin")


def redis_program() -> str | None:
    """Redis or Valkey. Debian's redis-tools holds the server under another of its names."""
    names = ("redis-server", "valkey-server", "redis-check-rdb", "valkey-check-rdb")
    return next(filter(None, map(program, names)), None)


def _mariadb(folder: Path) -> list[str]:
    return [
        program("mariadbd") or "mariadbd",
        "--no-defaults",
        "--skip-ssl",  # from 11.4 on it would offer TLS, and a client take it, even on the socket
        "--skip-grant-tables",  # so an empty folder is enough: only its owner gets in
        f"--datadir={folder}",
        f"--socket={folder}/mariadb.sock",
        f"--pid-file={folder}/mariadb.pid",
        "--skip-networking",
        "--innodb-fast-shutdown=2",
        "--innodb-log-file-size=4M",
    ]


def _initdb(folder: Path) -> list[str]:
    return [
        postgres_program("initdb") or "initdb",
        "--auth=trust",
        "--no-sync",
        "--username=postgres",
        f"--pgdata={folder}/data",
    ]


def _postgres(folder: Path) -> list[str]:
    return [
        postgres_program("postgres") or "postgres",
        *("-D", f"{folder}/data", "-k", str(folder), "-p", "5432"),  # a part of the socket's name
        *("-c", "listen_addresses=", "-c", "fsync=off"),
    ]


def _redis(folder: Path) -> list[str]:
    return [
        "redis-server",  # the program looks at this name: see redis_program()
        *("--unixsocket", f"{folder}/redis.sock", "--port", "0"),
        *("--dir", str(folder), "--save", "", "--daemonize", "no"),
    ]


def _as_nobody() -> dict[str, Any]:
    """For subprocess: who runs a server that root asks for."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


SERVERS = {
    "mariadb": Server(
        lambda folder: (),
        _mariadb,
        b"ready for connections",
        signal.SIGTERM,
        lambda folder: {"MYSQL_UNIX_PORT": f"{folder}/mariadb.sock"},
    ),
    "postgres": Server(
        _initdb,
        _postgres,
        b"ready to accept connections",
        signal.SIGINT,  # "fast": it does not wait for clients to leave
        lambda folder: {
            "PGHOST": str(folder),
            "PGPORT": "5432",
            "PGUSER": "postgres",
            "PGDATABASE": "postgres",
        },
    ),
    "redis": Server(
        lambda folder: (),
        _redis,
        b"ready to accept connections",
        signal.SIGTERM,
        lambda folder: {"REDIS_URL": f"unix://{folder}/redis.sock"},
    ),
}


class Servers:
    """The servers of this process. Use as a context manager, or call stop()."""

    def __init__(self) -> None:
        self._running: dict[str, tuple[subprocess.Popen[bytes], Path]] = {}

    def __enter__(self) -> Servers:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def environment(self, needs: Iterable[str]) -> dict[str, str]:
        """The variables by which clients find each server of *needs*; starts those not running.

        Names that are no servers bring nothing. Raises RuntimeError with the server's last words
        when it does not start.
        """
        variables: dict[str, str] = {}
        for name in needs:
            if name in SERVERS:
                if name not in self._running:
                    self._running[name] = _start(name)
                _, folder = self._running[name]
                variables |= SERVERS[name].environment(folder)
        return variables

    def stop(self) -> None:
        """End every server by its pid, and remove its folder."""
        for name, (process, folder) in self._running.items():
            process.send_signal(SERVERS[name].stop_signal)
            try:
                process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            shutil.rmtree(folder)
        self._running.clear()


def _start(name: str) -> tuple[subprocess.Popen[bytes], Path]:
    server = SERVERS[name]
    folder = Path(tempfile.mkdtemp(prefix=f"after-fork-{name}-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    log = folder / "log"
    with log.open("wb") as output:
        if first := server.prepare(folder):
            subprocess.run(first, cwd=folder, stdout=output, stderr=output, **_as_nobody())
        process = subprocess.Popen(
            server.start(folder),
            executable=redis_program() if name == "redis" else None,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for the tests
            **_as_nobody(),
        )
    if not _serves(log, server.ready, process):
        process.kill()
        process.wait()
        last_words = log.read_text("utf-8", "replace")[-2000:]
        shutil.rmtree(folder)
        raise RuntimeError(f"{name} did not start:\n{last_words}")
    return process, folder


def _serves(log: Path, ready: bytes, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and process.poll() is None:
        if ready in log.read_bytes().lower():
            return True
        time.sleep(0.02)
    return False
