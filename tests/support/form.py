"""The form of a page, and where a page does not hold it: see Contributing, "The form of a page".

Each check yields (line, message) for what is wrong: what it is, and what to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from tests.support.fences import shown_lines
from tests.support.places import place_of, shown
from tools.pages import Fence, Page, find_fences, lines_of_fences, without_front_matter

Fault = tuple[int, str]

# Headings that every page shares, by their ids and in their order.
HEADINGS = {
    "see-it-happen": {"en": "See it happen", "ja": "動かしてみる"},
    "why": {"en": "Why it happens", "ja": "なぜこうなるのか"},
    "is-it-this": {"en": "Is it this?", "ja": "この症状ですか"},
    "fix": {"en": "The fix", "ja": "直し方"},
    "limits": {"en": "What the fix does not cover", "ja": "この直し方で防げないこと"},
    "sources": {"en": "Sources", "ja": "出典"},
}
SMALLER = ("limits",)  # those with three #, not two
IN_SHORT = {"en": "In short", "ja": "要点"}
ITEMS = {
    "en": ("**You see**", "**Cause:**", "**Fix:**"),
    "ja": ("**症状：**", "**原因：**", "**直し方：**"),
}
SENTENCES = {"en": 3, "ja": 4}  # of the lead; Japanese says in four what English says in three
LINES_BEFORE_OUTPUT = 30

_END_OF_SENTENCE = {"en": r"(?<!\.\w)[.!?][\"')*]*(?=\s|$)", "ja": "[。！？]"}  # "e.g." is none
_FOLDED = re.compile(r" *\?\?\? ")
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)")
_KINDS = {
    "fence": r"```|~~~",
    "heading": r"#",
    "box": r"!!!|\?\?\?",
    "item": r"[-*+] |\d+\. ",
    "table": r"\|",
    "tag": r"</?[a-z]",
    "picture": r"!\[",
}


@dataclass(frozen=True)
class Block:
    """Lines of a page between two empty ones, or a fence."""

    line: int  # of its first, from 1
    lines: list[str]

    @property
    def kind(self) -> str:
        first = self.lines[0].strip()
        return next((kind for kind, sign in _KINDS.items() if re.match(sign, first)), "paragraph")

    @property
    def indent(self) -> int:
        return _indent(self.lines[0])

    @property
    def text(self) -> str:
        return " ".join(line.strip() for line in self.lines)


def lead_and_box(page: Page) -> Iterator[Fault]:
    """One to three sentences below the title, and the box directly below them."""
    blocks = blocks_of(page)
    title = next((n for n, block in enumerate(blocks) if block.text.startswith("# ")), None)
    if title is None:
        yield 1, "there is no title: write “# ” and the title of the front matter"
        return
    below = blocks[title + 1 :]
    lead = list(takewhile(lambda block: block.kind == "paragraph", below))
    count = sum(_sentences(block.text, page.language) for block in lead)
    most = SENTENCES[page.language]
    if not 1 <= count <= most:
        yield (
            lead[0].line if lead else blocks[title].line,
            f"{count} sentences stand between the title and the box: say in 1 to {most} what "
            "happens to whom",
        )
    box = below[len(lead)] if len(below) > len(lead) else None
    if box is None or not box.text.startswith(_opening(page)):
        yield (
            box.line if box else blocks[title].line,
            f"the box belongs directly below the lead: write “{_opening(page)}” there, and below "
            "it its three items, indented by four spaces",
        )


def in_short(page: Page) -> Iterator[Fault]:
    """Three items: what the reader sees, the cause, and the fix with a link to it."""
    lines = page.text.splitlines()
    opened = [n for n, line in enumerate(lines) if line.startswith(_opening(page))]
    if not opened:
        return  # lead_and_box says so
    inside = list(takewhile(_is_indented, lines[opened[0] + 1 :]))
    items = re.split(r"^    - ", "\n".join(inside), flags=re.M)
    labels = ITEMS[page.language]
    starts = [" ".join(item.split()) for item in items[1:]]
    right = len(starts) == len(labels) and all(map(str.startswith, starts, labels))
    if not right or items[0].strip():
        yield (
            opened[0] + 1,
            f"the box has other than three items that begin with {', '.join(labels)}: write just "
            "these, in this order, each behind “- ”",
        )
        return
    line = opened[0] + 1 + next(n for n, text in enumerate(inside, 1) if f"- {labels[2]}" in text)
    targets = _LINK.findall(items[3])
    if not any(target.startswith("#") or ".md" in target for target in targets):
        yield (
            line,
            f"{labels[2]} leads nowhere: link it to the heading with the fix, [words](#fix), or "
            "to the page that has it",
        )
    ids = {identifier for _, _, identifier in page.headings}
    for target in targets:
        if target.startswith("#") and target[1:] not in ids:
            yield line, f"no heading of this page has the id of {target}: write one that it has"


def standing_headings(page: Page) -> Iterator[Fault]:
    """The headings that all pages share have the same words, ids and order everywhere."""
    known = {key: words[page.language] for key, words in HEADINGS.items()}
    before = ""
    for block in blocks_of(page):
        found = re.fullmatch(r"(#+) (.*?)(?: *\{ *#([\w-]+) *\})?", block.text)
        if not found or block.kind != "heading":
            continue
        wanted = next((key for key in known if key == found[3] or known[key] == found[2]), None)
        if wanted is None:
            continue
        heading = f"{'###' if wanted in SMALLER else '##'} {known[wanted]} {{ #{wanted} }}"
        if block.text != heading:
            yield block.line, f"this heading is the same on every page: write “{heading}”"
        order = list(known)
        if before and order.index(wanted) < order.index(before):
            yield (
                block.line,
                f"“{known[wanted]}” stands below “{known[before]}”: the order is "
                f"{', '.join(known.values())}",
            )
        before = wanted


def lead_ins(page: Page) -> Iterator[Fault]:
    """A sentence stands directly above each program, and above what a reader types."""
    before: Block | None = None
    for block in blocks_of(page):
        if block.kind == "fence" and not _is_output(block) and not _leads_in(before, block):
            yield (
                block.line,
                "no sentence leads in to this block of code: say directly above it what it is for "
                "and what to look at",
            )
        if block.kind != "tag" or block.text.startswith("</"):
            before = block


def lines_before_output(page: Page) -> Iterator[Fault]:
    """At most 30 lines of code are read before the first output."""
    folded = folded_lines(page.text)
    total = 0
    for fence in page.fences:
        if fence.line - 1 in folded:
            continue
        if fence.language == "console":
            return
        before, total = total, total + _length(fence, page)
        if before <= LINES_BEFORE_OUTPUT < total:
            yield (
                fence.line,
                f"{total} lines of code stand above the first output, at most "
                f"{LINES_BEFORE_OUTPUT}: fold what can be read later, ??? note "
                '"The server", or split the program',
            )


def symptoms_on_the_page(page: Page) -> Iterator[Fault]:
    """Each text of `symptoms` stands on the page: in its words, or in what a program printed."""
    printed = (f.include.file for f in page.fences if f.include and f.include.is_output)
    texts = [page.body, *(file.read_text("utf-8") for file in printed if file.is_file())]
    on_page = " ".join(" ".join(texts).split())
    for symptom in symptoms_of(page):
        line = next(n for n, text in enumerate(page.text.splitlines(), 1) if "symptoms:" in text)
        if not isinstance(symptom, str):
            yield line, f"{symptom} is no text for YAML: put it between quotes"
        elif " ".join(symptom.split()) not in on_page:
            yield (
                line,
                f"“{symptom}” stands nowhere on the page: put it into a sentence or a table of "
                "“Is it this?”, just as it is here, or take it out here",
            )


def nothing_to_do(page: Page) -> Iterator[Fault]:
    """What `make page` left to be written was written."""
    for n, line in enumerate(page.text.splitlines(), 1):
        for left in re.findall(r"TODO:? *([^\"`{|\]]*)", line):
            yield n, f"still to write: {left.strip()}"


CHECKS = (
    lead_and_box,
    in_short,
    standing_headings,
    lead_ins,
    lines_before_output,
    symptoms_on_the_page,
    nothing_to_do,
)


def faults(page: Page) -> list[str]:
    """All that is wrong with the form of *page*, each with path and line."""
    found = sorted(fault for check in CHECKS for fault in check(page))
    return [f"{_place(page, line)}: {message}" for line, message in found]


def symptoms_of(page: Page) -> list[object]:
    """What the front matter lists as exact texts that readers see."""
    listed = page.front_matter.get("symptoms") or []
    return listed if isinstance(listed, list) else [listed]


def visible_prose(page: Page) -> str:
    """What is read without opening anything: the body without fences and folded parts."""
    hidden = folded_lines(page.body) | lines_of_fences(page.body)
    return "\n".join(text for n, text in enumerate(page.body.splitlines()) if n not in hidden)


def folded_lines(text: str) -> set[int]:
    """Which lines of *text* are folded away, with their titles, counted from 0."""
    fenced = lines_of_fences(text)
    found: set[int] = set()
    depth: int | None = None
    for n, line in enumerate(text.splitlines()):
        if depth is not None and line.strip() and _indent(line) <= depth:
            depth = None
        if depth is None and n not in fenced and _FOLDED.match(line):
            depth = _indent(line)
        if depth is not None:
            found.add(n)
    return found


def blocks_of(page: Page) -> list[Block]:
    """The blocks of a page, in order, without its front matter."""
    text = page.text
    first = text.count("\n") - without_front_matter(text).count("\n")
    fenced = lines_of_fences(text)
    opens = {fence.line - 1 for fence in find_fences(text)}
    found: list[Block] = []
    before = ""
    for n, line in enumerate(text.splitlines()):
        is_inside = n in fenced and n not in opens
        begins = not is_inside and (
            n in opens or not before.strip() or n - 1 in fenced or _stands_alone(before)
        )
        if n >= first and (line.strip() or is_inside):
            if begins:
                found.append(Block(n + 1, [line]))
            elif found:
                found[-1].lines.append(line)
        before = line
    return found


def _stands_alone(line: str) -> bool:
    return bool(re.match(r" *(?:</?[a-z]|#+ )", line))


def _leads_in(before: Block | None, block: Block) -> bool:
    if before is None:
        return False
    if before.indent < block.indent:  # the title of the folded part or the item that it is in
        return before.kind in ("box", "item", "paragraph")
    return before.indent == block.indent and before.kind == "paragraph"


def _is_output(block: Block) -> bool:
    return re.match(r"[`~]+ *console", block.text) is not None


def _is_indented(line: str) -> bool:
    return not line.strip() or line.startswith("    ")


def _opening(page: Page) -> str:
    return f'!!! abstract "{IN_SHORT[page.language]}"'


def _sentences(text: str, language: str) -> int:
    return len(re.findall(_END_OF_SENTENCE[language], re.sub(r"`[^`]*`", "x", text)))


def _length(fence: Fence, page: Page) -> int:
    if fence.include:
        return len(shown_lines(fence, _place(page, fence.line)))
    return len(fence.body.splitlines())


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _place(page: Page, line: int) -> str:
    """A notebook has its words on other lines than the Markdown that it stands for."""
    if page.is_notebook:
        return place_of(page, page.text.splitlines()[line - 1])
    return f"{shown(page)}:{line}"
