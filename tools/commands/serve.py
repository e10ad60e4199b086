"""``python -m tools.commands.serve HOST:PORT`` (``make serve``): the site, rebuilt at each save.

It is mkdocs serve, which leaves nothing behind.

A port that is taken is said before anything is built. SIGTERM ends it as Ctrl-C does. Whatever
MkDocs and the kernels of notebooks write for a while lies in one folder, and goes with it.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import tempfile


def main(address: str) -> None:
    """Serve until told to end."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        sys.exit(f"ADDRESS is a host and a port, such as 127.0.0.1:8001, not {address!r}")
    if _is_taken(host, int(port)):
        free = next(n for n in range(int(port) + 1, 65536) if not _is_taken(host, n))
        sys.exit(f"Port {port} is taken. Serve at another: make serve ADDRESS={host}:{free}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="after-fork-") as folder:
        tempfile.tempdir = os.environ["TMPDIR"] = folder
        os.environ["SITE_URL"] = f"http://{address}/"
        from mkdocs.__main__ import cli

        cli(["serve", "--strict", "--dev-addr", address])


def _is_taken(host: str, port: int) -> bool:
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            sys.exit(f"{host}:{port}: {error}")
        return True
    return False


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit(1)
