"""What the processes of a run hold open to other machines, seen while they run (Linux only)."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil

_TABLES = tuple(Path("/proc/net", name) for name in ("tcp", "tcp6", "udp", "udp6"))
_LISTENS = "0A"
_DNS = 53
_PORT_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


class Watch:
    """Looks at the sockets of this machine; only those that came since it was made may be ours.

    A look takes some 20 ms where the kernel's table is large: for the rounds of what has changed.
    """

    def __init__(self) -> None:
        self._others = set(_suspects())
        self.found: set[str] = set()

    def look(self, leader: int) -> None:
        """Note what the process *leader* and those below it hold now."""
        new = {inode: what for inode, what in _suspects().items() if inode not in self._others}
        if new:
            ours = {inode for pid in _family(leader) for inode in _sockets_of(pid)}
            self.found |= {what for inode, what in new.items() if inode in ours}


def _family(leader: int) -> list[int]:
    try:
        below = psutil.Process(leader).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return [leader, *(process.pid for process in below)]


def _suspects() -> dict[str, str]:
    """inode: what is wrong with the socket, were it ours."""
    return {inode: what for inode, what in _all_sockets() if what} if _TABLES[0].exists() else {}


def _all_sockets() -> Iterator[tuple[str, str]]:
    for table in _TABLES:
        if table.exists():
            for line in table.read_text("ascii").splitlines()[1:]:
                fields = line.split()
                yield fields[9], _fault(fields[1], fields[2], listens=fields[3] == _LISTENS)


def _fault(local: str, remote: str, *, listens: bool) -> str:
    here, port = _address(local)
    there, asked = _address(remote)
    if listens and not here.is_loopback:
        return f"it listens on {here}, open to other machines: listen on 127.0.0.1"
    if listens and port < int(_PORT_RANGE.read_text("ascii").split()[0]):
        return f"it listens on the fixed port {port}: take port 0, and ask getsockname()"
    if asked == _DNS:
        return f"it looks up a name, for which it asks {there}: use 127.0.0.1 instead of the name"
    if not there.is_unspecified and not there.is_loopback:
        return f"it asks {there}: an example talks to its own machine only, on 127.0.0.1"
    return ""


def _address(text: str) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]:
    """As the kernel writes it: words of 32 bits in the order of the machine."""
    host, _, port = text.partition(":")
    words = [int(host[n : n + 8], 16).to_bytes(4, sys.byteorder) for n in range(0, len(host), 8)]
    address = ipaddress.ip_address(b"".join(words))
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address, int(port, 16)


def _sockets_of(pid: int) -> Iterator[str]:
    folder = f"/proc/{pid}/fd"
    try:
        for name in os.listdir(folder):
            target = os.readlink(f"{folder}/{name}")
            if target.startswith("socket:["):
                yield target[8:-1]
    except OSError:
        return  # it has ended meanwhile
