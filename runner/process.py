"""Start one program alone, wait for its end, and let nothing of it outlive the call.

The program never holds a pipe of ours: its output goes to a file or to a pseudo-terminal, so a
child that hangs cannot make the reader of that output hang too.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import select
import signal
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

import psutil

TERMINAL_SIZE = (50, 132)  # lines and columns: not those that a program assumes without one
OUTPUT_LIMIT = 64 * 1024  # bytes of a transcript; no page shows more
_FILE_LIMIT = 8 * 1024 * 1024  # bytes any file of the program may reach
_PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>
_ON_LINUX = sys.platform == "linux"

# /bin/sh enters the folder and sets the limits: posix_spawn(3) can do neither.
_ENTER = f'cd "$1" && ulimit -c 0 && ulimit -f {_FILE_LIMIT // 512} && shift && exec "$@"'


@dataclass(frozen=True)
class Leftover:
    """A process that the program left behind."""

    pid: int
    kind: str  # "running" or "zombie"
    command: str


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    status: str  # "0", "7", "SIGKILL" or "timeout"
    output: bytes  # stdout and stderr as they came, at most OUTPUT_LIMIT + 1 bytes
    leftovers: tuple[Leftover, ...]  # empty after a timeout: then everything was killed by us
    seconds: float


def run(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    timeout: float,
    tty: bool = False,
    look: Callable[[int], None] | None = None,
) -> Ended:
    """Run *command* in *folder*, in a session of its own, for at most *timeout* seconds.

    Standard input is at end of file. On Linux even daemons that left the session are found,
    because this process becomes their subreaper (prctl(2)); elsewhere the session is searched.
    *look*, if any, is called with the program's pid again and again while it runs.
    """
    if _ON_LINUX:
        _become_subreaper()
    others = _children()
    started = time.monotonic()
    with _Terminal() if tty else _OutputFile() as output:
        pid = _spawn(command, folder, environment, output.path)
        status = _wait_for_end(pid, started + timeout, output.collect, look)
        leftovers = () if status is None else _leftovers(pid, others)
        _kill_all(pid, others, reap_leader=status is None)
        written = output.read()
    name = "timeout" if status is None else _status_name(status)
    return Ended(name, written, leftovers, time.monotonic() - started)


class _OutputFile:
    """Standard output as a file, which every writer appends to."""

    def __init__(self) -> None:
        number, self.path = tempfile.mkstemp(prefix="after-fork-", suffix=".out")
        self._file = os.fdopen(number, "rb")

    def __enter__(self) -> _OutputFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        os.unlink(self.path)

    def collect(self) -> None:
        pass

    def read(self) -> bytes:
        return self._file.read(OUTPUT_LIMIT + 1)


class _Terminal:
    """Standard output as a pseudo-terminal: what a reader at a shell prompt has."""

    def __init__(self) -> None:
        self._controller, self._terminal = os.openpty()
        os.set_blocking(self._controller, False)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *TERMINAL_SIZE, 0, 0))
        self.path = os.ttyname(self._terminal)
        self._written = bytearray()

    def __enter__(self) -> _Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._terminal)
        os.close(self._controller)

    def collect(self) -> None:
        while True:
            try:
                self._written += os.read(self._controller, 65536)
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno == errno.EIO:
                    return
                raise

    def read(self) -> bytes:
        self.collect()
        return bytes(self._written[: OUTPUT_LIMIT + 1]).replace(b"\r\n", b"\n")


def _become_subreaper() -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def _spawn(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], output: str
) -> int:
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_APPEND, 0),
        (os.POSIX_SPAWN_DUP2, 1, 2),
        *((os.POSIX_SPAWN_CLOSE, fd) for fd in _inheritable_descriptors()),
    ]
    return os.posix_spawn(
        "/bin/sh",
        ["sh", "-c", _ENTER, "sh", str(folder), *command],
        environment,
        file_actions=actions,
        setsid=True,
        setsigmask=(),
        setsigdef=signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP},
    )


def _inheritable_descriptors() -> list[int]:
    """Those above 2 that exec would pass on: what make or a shell gave this process."""
    found = []
    for name in os.listdir("/dev/fd"):
        try:
            if int(name) > 2 and os.get_inheritable(int(name)):
                found.append(int(name))
        except OSError:
            pass  # the descriptor of listdir itself, closed by now
    return found


def _wait_for_end(
    pid: int,
    deadline: float,
    collect: Callable[[], None],
    look: Callable[[int], None] | None,
) -> int | None:
    """The wait status of *pid*, or None when it still runs at the deadline."""
    pidfd = os.pidfd_open(pid) if _ON_LINUX else None
    try:
        while True:
            collect()
            if look:
                look(pid)
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                return status
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            # A short nap empties the terminal; without pidfd it is also how the end is seen.
            nap = min(left, 0.05 if pidfd is not None and not look else 0.005)
            select.select([pidfd] if pidfd is not None else [], [], [], nap)
    finally:
        if pidfd is not None:
            os.close(pidfd)


def _status_name(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return str(code) if code >= 0 else signal.Signals(-code).name


def _children() -> frozenset[int]:
    """Our own children now: servers that fixtures started, never the program's."""
    if not _have_children():
        return frozenset()
    return frozenset(child.pid for child in psutil.Process().children())


def _have_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _leftovers(leader: int, others: frozenset[int]) -> tuple[Leftover, ...]:
    return tuple(_describe(process) for process in _remaining(leader, others))


def _describe(process: psutil.Process) -> Leftover:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return Leftover(process.pid, "zombie", process.name())
        return Leftover(process.pid, "running", " ".join(process.cmdline()) or process.name())
    except psutil.NoSuchProcess:
        return Leftover(process.pid, "zombie", "?")


def _remaining(leader: int, others: frozenset[int]) -> list[psutil.Process]:
    """Every process of the program but its leader."""
    if not _ON_LINUX:
        return [process for process in psutil.process_iter() if _session(process.pid) == leader]
    if not _have_children():
        return []
    found = []
    for child in psutil.Process().children():
        if child.pid not in others:
            found.append(child)
            try:
                found.extend(child.children(recursive=True))
            except psutil.NoSuchProcess:
                pass
    return [process for process in found if process.pid != leader]


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid) if pid else None
    except OSError:
        return None


def _group(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except OSError:
        return None


def _kill_all(leader: int, others: frozenset[int], *, reap_leader: bool) -> None:
    """SIGKILL whatever is left and reap it.

    Raises RuntimeError when they do not get fewer in 10 s. On a busy machine it takes longer.
    """
    if reap_leader:
        _kill_group(leader)
        os.waitpid(leader, 0)
    fewest, give_up = inf, 0.0
    while remaining := _remaining(leader, others):
        if len(remaining) < fewest:
            fewest, give_up = len(remaining), time.monotonic() + 10
        if any(_group(process.pid) == leader for process in remaining):
            _kill_group(leader)
        for process in remaining:
            _kill(process.pid)
            _reap(process.pid)
        if time.monotonic() > give_up:
            raise RuntimeError(f"cannot end {remaining}")
        time.sleep(0.001)


def _kill_group(leader: int) -> None:
    # One call for the whole group: it ends a fork bomb faster than it can fork.
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass  # not ours (yet): a child of another leftover
