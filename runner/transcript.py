"""From the bytes of a run to the text of a page, and back to a comparison."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from pathlib import Path

_PROCESS = re.compile(r"(?P<key>\b(?:pid|ppid|pgid|sid|tid)=)(?P<value>\d+)")
_ADDRESS = re.compile(r"(?P<key>\b)(?P<value>0x[0-9a-f]{6,16})\b")
_PORT = re.compile(
    r"(?P<key>\bport=|(?:127\.0\.0\.1|localhost|\[::1\]):|\('(?:127\.0\.0\.1|::1)', )"
    r"(?P<value>\d{4,5})\b"
)
_TEMPORARY = re.compile(r"(?P<key>/tmp/tmp)(?P<value>[a-z0-9_]{8})\b")


def with_aliases(text: str, folders: Iterable[tuple[Path, str]] = ()) -> str:
    """Replace what differs from run to run by stable names; what was equal stays equal.

    Process ids become 4001, 4002 … in order of appearance (0 and 1 stay), addresses
    0x7f0000001000 …, ports 50001 …, temporary names tmp00000001 …, and each folder of
    *folders* its name.
    """
    for folder, name in folders:
        text = text.replace(str(folder), name)
    text = _alias(_PROCESS, text, lambda n: str(4000 + n), keep=("0", "1"))
    text = _alias(_ADDRESS, text, lambda n: f"0x7f000000{n:x}000")
    text = _alias(_PORT, text, lambda n: str(50000 + n))
    return _alias(_TEMPORARY, text, lambda n: f"{n:08d}")


def _alias(
    pattern: re.Pattern[str], text: str, name: Callable[[int], str], keep: tuple[str, ...] = ()
) -> str:
    names: dict[str, str] = {}

    def replace(match: re.Match[str]) -> str:
        value = match["value"]
        if value in keep:
            return match[0]
        return match["key"] + names.setdefault(value, name(len(names) + 1))

    return pattern.sub(replace, text)


def compose(command: str, output: str, status: str) -> str:
    """The transcript: the command, what it printed, and how it ended unless with 0."""
    lines = [f"$ {command}"]
    if output:
        lines.append(output.removesuffix("\n"))
    if status != "0":
        lines.append(f"? {status}")
    return "\n".join(lines) + "\n"


def same(stored: str, seen: str, order: str) -> bool:
    """Whether two transcripts say the same; with order "any", in whatever order."""
    if order == "any":
        return sorted(stored.splitlines()) == sorted(seen.splitlines())
    return stored == seen


def difference(stored: str, seen: str, path: str) -> str:
    """A unified diff from the stored transcript to what was seen."""
    return "\n".join(
        difflib.unified_diff(
            stored.splitlines(), seen.splitlines(), path, "this run", lineterm="", n=2
        )
    )
