"""What the fences of a page show, and what stands below them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.pages import Fence

MARK = r"(?:#|//) \((\d+)\)!?$"


def shown_lines(fence: Fence, at: str) -> list[str]:
    """The lines of the program that the include of *fence*, at path:line, brings to the page."""
    assert fence.include
    lines = fence.include.file.read_text("utf-8").splitlines()
    part = fence.include.part
    if part is None:
        chosen = lines
    elif re.fullmatch(r"\d+:", part):
        chosen = lines[int(part[:-1]) - 1 :]
    else:
        marks = [re.sub(r"^ *(#|//) ", "", line) for line in lines]
        edges = [f"--8<-- [{edge}:{part}]" for edge in ("start", "end")]
        lacking = [edge for edge in edges if edge not in marks]
        assert not lacking, (
            f"{at}: `{fence.include.path}:{part}` names no section: no comment of the program is "
            f"“{lacking[0]}”. Mark the lines with comments, `--8<-- [start:name]` above them and "
            f"`--8<-- [end:name]` below, and include `{fence.include.path}:name`"
        )
        start, end = map(marks.index, edges)
        chosen = lines[start + 1 : end]
    return [line for line in chosen if "--8<-- [" not in line]


def leading_list(text: str) -> Iterator[str]:
    """The numbers of an ordered list, where *text* begins with one."""
    for line in text.splitlines():
        if found := re.match(r"(\d+)\. ", line.strip()):
            yield found[1]
        elif line.strip() and not line.startswith("    "):
            return
