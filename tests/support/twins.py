"""The structure that a page has in both languages, and what one of the two lacks of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import NamedTuple

from tests.support.fences import leading_list
from tests.support.places import place_of, shown
from tools.pages import Fence, Page

_ITEM = re.compile(r"(?:[-*+]|\d+\.) ")


class Part(NamedTuple):
    """A piece of a page that the other language has as well."""

    key: object  # equal in both languages
    said: str  # to a person
    needle: str  # what stands on its line of the source


def headings(page: Page) -> Iterator[Part]:
    """Its headings: level and id, in order."""
    for level, title, identifier in page.headings:
        said = f"heading “{'#' * level} … {{ #{identifier} }}”"
        yield Part((level, identifier), said, f"{'#' * level} {title}")


def programs(page: Page) -> Iterator[Part]:
    """Its fences: what they show, in order."""
    for fence in page.fences:
        said = f"program or output “{_name(fence)}”" + (f", marked {fence.mark}" * bool(fence.mark))
        key = (fence.language, fence.mark, fence.title, fence.body)
        yield Part(key, said, fence.body.strip().partition("\n")[0])


def explanations(page: Page) -> Iterator[Part]:
    """The numbers that are explained below a fence, in order."""
    for fence in page.fences:
        for number in leading_list(fence.following):
            key = (fence.body, number)
            said = f"explanation of mark {number} below “{_name(fence)}”"
            yield Part(key, said, fence.body.strip().partition("\n")[0])


def boxes(page: Page) -> Iterator[Part]:
    """Its admonitions and folded parts, in order."""
    for kind in page.admonitions:
        yield Part(kind, f"box of kind “{kind}”", f" {kind}")


def links(page: Page) -> Iterator[Part]:
    """Where its links lead, in whatever order: a Japanese sentence may come to its source first."""
    for target in sorted(page.links, key=_neutral):
        yield Part(_neutral(target), f"link {target}", target)


def blocks(page: Page) -> Iterator[Part]:
    """How many list items and rows of tables each section has, in whatever order.

    Paragraphs are each language's own.
    """
    found = sorted(_blocks(page), key=itemgetter(0))
    total = Counter((kind, section) for kind, section, _ in found)
    so_far: Counter[tuple[str, str]] = Counter()
    for kind, section, line in found:
        so_far[kind, section] += 1
        n = so_far[kind, section]
        of_all = f"{n} of {total[kind, section]} (only counted; it may be an earlier one)"
        said = f"{kind} {of_all} in the section {{ #{section} }}"
        yield Part((kind, section, n), said, line)


def _blocks(page: Page) -> Iterator[tuple[str, str, str]]:
    """(kind, id of its section, first line) of each, in order."""
    section = ""
    for line in map(str.strip, page.prose.splitlines()):
        if line.startswith("#"):
            section = line.partition("{ #")[2].rstrip(" }")
        elif _ITEM.match(line):
            yield "list item", section, line
        elif line.startswith("|"):
            yield "row", section, line


def _neutral(target: str) -> str:
    """A link target without what may differ by language."""
    target = re.sub(r"\.(en|ja)\.svg$", ".svg", target)
    target = re.sub(r"^(https://docs\.python\.org)/ja/", r"\1/", target)
    return re.sub(r"^(https://docs\.python\.org/)(?:3/)?", r"\1", target)


def _name(fence: Fence) -> str:
    if fence.include:
        return ":".join(filter(None, (fence.include.path, fence.include.part)))
    return fence.body.strip().partition("\n")[0]


def differences(parts: Callable[[Page], Iterator[Part]], one: Page, other: Page) -> list[str]:
    """What one of two pages lacks of the other, or has in another order; nothing if equal."""
    ours, theirs = list(parts(one)), list(parts(other))
    if [part.key for part in ours] == [part.key for part in theirs]:
        return []
    found = [*_lacking(one, ours, theirs, other), *_lacking(other, theirs, ours, one)]
    if found:
        return found
    ours_first, theirs_first = next(
        (a, b) for a, b in zip(ours, theirs, strict=True) if a.key != b.key
    )
    return [
        f"{place_of(other, theirs_first.needle)} has another order than {shown(one)}: the "
        f"{theirs_first.said} where {shown(one)} has the {ours_first.said}. Put them in one order"
    ]


def _lacking(page: Page, ours: list[Part], theirs: list[Part], other: Page) -> Iterator[str]:
    missing = Counter(part.key for part in theirs)
    missing.subtract(part.key for part in ours)
    for part in theirs:
        if missing[part.key] > 0:
            missing[part.key] -= 1
            yield f"{shown(page)} lacks the {part.said} of {place_of(other, part.needle)}"
