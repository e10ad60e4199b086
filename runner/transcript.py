"""From the bytes of a run to the text of a page, and back to a comparison."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Alias:
    """What differs from run to run, and the names that its values get, in order of appearance.

    The pattern has two groups: what stands before the value and stays, and the value. It is written
    as Python and JavaScript both read it: the lab gives the same names (tools/site/).
    """

    pattern: str
    first: int  # the number in the first name
    base: int = 10
    width: int = 0  # of the number, filled with zeros
    before: str = ""
    behind: str = ""
    keep: tuple[str, ...] = ()  # values that stay as they are

    def name(self, count: int) -> str:
        """The name of the value that appeared as number *count*, from 0."""
        number = self.first + count
        digits = f"{number:x}" if self.base == 16 else str(number)
        return f"{self.before}{digits.zfill(self.width)}{self.behind}"


ALIASES = (
    Alias(r"(\b(?:pid|ppid|pgid|sid|tid)=)(\d+)", first=4001, keep=("0", "1")),
    Alias(r"(\b)(0x[0-9a-f]{6,16})\b", first=1, base=16, before="0x7f000000", behind="000"),
    Alias(
        r"(\bport=|(?:127\.0\.0\.1|localhost|\[::1\]):|\('(?:127\.0\.0\.1|::1)', )(\d{4,5})\b",
        first=50001,
    ),
    Alias(r"(/tmp/tmp)([a-z0-9_]{8})\b", first=1, width=8),
)


def with_aliases(text: str, folders: Iterable[tuple[Path, str]] = ()) -> str:
    """Replace what differs from run to run by stable names; what was equal stays equal.

    Process ids become 4001, 4002 … in order of appearance (0 and 1 stay), addresses
    0x7f0000001000 …, ports 50001 …, temporary names tmp00000001 …, and each folder of
    *folders* its name.
    """
    for folder, name in folders:
        text = text.replace(str(folder), name)
    for alias in ALIASES:
        text = _replace(alias, text)
    return text


def _replace(alias: Alias, text: str) -> str:
    names: dict[str, str] = {}

    def replace(match: re.Match[str]) -> str:
        before, value = match.groups()
        if value in alias.keep:
            return match[0]
        return before + names.setdefault(value, alias.name(len(names)))

    return re.sub(alias.pattern, replace, text)


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
