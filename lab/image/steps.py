"""Steps with names: one line each while they run, and the end of their log when one fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_TAIL = 25  # lines of a failed command's output


class BuildError(Exception):
    """Something that the person who builds can read and mend."""


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say what is done, and how long it took; name the step when it fails."""
    print(f"{name:48}", end="", flush=True)
    begin = time.monotonic()
    try:
        yield
    except BaseException as error:
        print(f"FAILED after {time.monotonic() - begin:.0f} s", flush=True)
        if isinstance(error, BuildError):
            raise BuildError(f"{name}: {error}") from error
        if isinstance(error, OSError | ValueError | LookupError):
            raise BuildError(f"{name}: {type(error).__name__}: {error}") from error
        raise
    print(f"{time.monotonic() - begin:6.1f} s", flush=True)


def warn(text: str) -> None:
    """Say something loudly."""
    print(f"\n*** {text}", file=sys.stderr, flush=True)


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
) -> str:
    """The output of a command; BuildError with the end of its output when it fails."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            input=stdin,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except FileNotFoundError as error:
        raise BuildError(f"there is no command {words[0]!r}") from error
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode:
        tail = "\n".join(output.splitlines()[-_TAIL:])
        raise BuildError(f"`{' '.join(words)}` ended with {done.returncode}:\n{tail}")
    return output
