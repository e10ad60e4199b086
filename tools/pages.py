"""The pages under ``docs/`` as data: languages, front matter, headings, fences, includes, links.

A Japanese page carries in its front matter ``translates:``, the hash of the English body that it
says in Japanese. The hash is taken of the words, not of their wrapping, and of no front matter; so
it needs no history, and a re-wrapped paragraph ages nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
EXAMPLES = ROOT / "examples"
CELL = "{.python .cell}"


@dataclass(frozen=True)
class Language:
    """One language: its code, its own name, and its folder below the root of the site."""

    code: str
    name: str
    folder: str


ENGLISH = Language("en", "English", "")
JAPANESE = Language("ja", "日本語", "ja/")
LANGUAGES = (ENGLISH, JAPANESE)
CODES = tuple(language.code for language in LANGUAGES)

_FRONT_MATTER = re.compile(r"\A---\n(.*?)^---\n", re.M | re.S)
_FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,}|~{3,}) *(?P<info>[^`\n]*)$")
_DIV = re.compile(r'^ *<div class="(?P<name>[\w -]+)" markdown(?:="1")?>$')
_INCLUDE = re.compile(r'^--8<-- "(?P<path>[^":]+)(?::(?P<part>[^"]+))?"$')
_HEADING = re.compile(r"^(?P<level>#{1,6}) (?P<title>.*?)(?: *\{ *#(?P<id>[\w-]+) *\})?$")
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)(?:\s[^)]*)?\)")
_CELL = re.compile(r"^# %%(?P<markdown> \[markdown\])?$", re.M)
STAMP = re.compile(r"^(?:# )?translates: *(\S*)$", re.M)  # a comment in a notebook
_ADMONITION = re.compile(r"^ *(?:!!!|\?\?\?\+?) (?P<type>\w+)")


@dataclass(frozen=True)
class Include:
    """A snippet include: a file below ``examples/`` and, perhaps, a part of it."""

    path: str
    part: str | None  # a section's name, or a line range such as "5:"

    @property
    def file(self) -> Path:
        return EXAMPLES / self.path

    @property
    def is_output(self) -> bool:
        """Whether it is what a program printed, not the program."""
        return self.path.endswith(".out")

    def is_output_of(self, program: str) -> bool:
        return self.path == f"{program.rpartition('.')[0]}.out"


@dataclass(frozen=True)
class Fence:
    """A fenced block as it stands in the source of a page."""

    line: int  # of the opening fence, from 1
    info: str  # what follows the backticks
    body: str  # dedented
    mark: str | None  # the class of the <div> in which it stands
    following: str  # the text after it, up to the next fence

    @property
    def language(self) -> str:
        return re.split(r"[\s{]", self.info.strip(" {").lstrip("."), maxsplit=1)[0].lower()

    @property
    def is_cell(self) -> bool:
        """Whether it is code of a notebook, which the build of the site runs."""
        return self.info == CELL

    @property
    def title(self) -> str | None:
        found = re.search(r'\btitle="([^"]*)"', self.info)
        return found[1] if found else None

    @property
    def include(self) -> Include | None:
        return find_include(self.body)


@dataclass(frozen=True)
class Page:
    """One page in one language: Markdown, or a notebook that is read as Markdown."""

    language: str
    name: str  # path below the language's folder, "processes/leaving.md"

    @property
    def path(self) -> Path:
        return DOCS / self.language / self.name

    @property
    def id(self) -> str:
        return f"{self.language}/{self.name.rpartition('.')[0]}"

    @property
    def address(self) -> str:
        """Where the built site has it, below the site's root: "ja/processes/leaving/"."""
        folder = next(known.folder for known in LANGUAGES if known.code == self.language)
        page = re.sub(r"(^|/)index$", r"\1", self.name.rpartition(".")[0])
        return folder + (page if page.endswith("/") or not page else f"{page}/")

    @property
    def is_notebook(self) -> bool:
        return self.path.suffix == ".py"

    @property
    def text(self) -> str:
        return read_page(self.path)

    @property
    def front_matter(self) -> dict[str, object]:
        return yaml.safe_load(split_front_matter(self.text)[0]) or {}

    @property
    def body(self) -> str:
        return without_front_matter(self.text)

    @property
    def fences(self) -> list[Fence]:
        return list(find_fences(self.text))

    @property
    def prose(self) -> str:
        """The body without its fences."""
        return without_fences(self.body)

    @property
    def headings(self) -> list[tuple[int, str, str | None]]:
        """(level, title, explicit id or None) of each heading."""
        found = (_HEADING.match(line) for line in self.prose.splitlines())
        return [(len(m["level"]), m["title"], m["id"]) for m in found if m]

    @property
    def links(self) -> list[str]:
        """Targets of Markdown links and images, in order."""
        return [match["target"] for match in _LINK.finditer(re.sub(r"`[^`]*`", "", self.prose))]

    @property
    def admonitions(self) -> list[str]:
        """Types of its admonitions and details, in order."""
        found = (_ADMONITION.match(line) for line in self.prose.splitlines())
        return [match["type"] for match in found if match]


def find_pages(language: str) -> list[Page]:
    """The pages of a language, in order of their paths."""
    folder = DOCS / language
    return [Page(language, path.relative_to(folder).as_posix()) for path in sorted_pages(folder)]


def sorted_pages(folder: Path) -> list[Path]:
    """Markdown files and notebooks below *folder*, in order."""
    return sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".py"))


def read_page(path: Path) -> str:
    """The Markdown of a page, whichever kind of file it is."""
    return as_markdown(path.name, path.read_text("utf-8"))


def as_markdown(name: str, text: str) -> str:
    """The Markdown of a page whose file is called *name* and contains *text*."""
    return notebook_as_markdown(text) if name.endswith(".py") else text


def notebook_as_markdown(text: str) -> str:
    """A notebook in Jupytext's percent format as the Markdown that it stands for.

    A cell of code becomes a fence of its own kind, CELL. Raises ValueError for what is neither code
    nor Markdown.
    """
    header, *cells = re.split(r"^(?=# %%)", text, flags=re.M)
    parts = [_uncommented(header)]
    for cell in cells:
        marker, _, body = cell.partition("\n")
        kind = _CELL.fullmatch(marker)
        if not kind:
            raise ValueError(f"a cell of an unknown kind: {marker!r}")
        if kind["markdown"]:
            parts.append(_uncommented(body))
        else:
            parts.append(f"``` {CELL}\n{body.strip()}\n```\n")
    return "\n".join(parts)


def _uncommented(lines: str) -> str:
    """The text of comment lines, up to the last that is one."""
    text = []
    for line in lines.rstrip().splitlines():
        if line != "#" and not line.startswith("# "):
            raise ValueError(f"a line that is no comment: {line!r}")
        text.append(f"{line[2:]}\n")
    return "".join(text)


def split_front_matter(text: str) -> tuple[str, str]:
    """The YAML in front of a page, "" where there is none, and the text below it."""
    found = _FRONT_MATTER.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def without_front_matter(text: str) -> str:
    """The text of a page below its front matter."""
    return split_front_matter(text)[1]


def find_include(body: str) -> Include | None:
    """The include that is all of the *body* of a fence."""
    found = _INCLUDE.match(body.strip("\n"))
    return Include(found["path"], found["part"]) if found else None


def find_fences(text: str) -> Iterator[Fence]:
    """Every fenced block of *text*, whatever its fence is made of."""
    lines = text.splitlines()
    opened = list(_fence_spans(lines))
    for index, (start, end, mark) in enumerate(opened):
        match = _FENCE.match(lines[start])
        assert match
        next_start = opened[index + 1][0] if index + 1 < len(opened) else len(lines)
        indent = len(match["indent"])
        body = "".join(f"{line[indent:]}\n" for line in lines[start + 1 : end])
        following = "\n".join(lines[end + 1 : next_start])
        yield Fence(start + 1, match["info"].strip(), body, mark, following)


def without_fences(text: str) -> str:
    """*text* with every fenced block taken out."""
    inside = lines_of_fences(text)
    return "\n".join(line for n, line in enumerate(text.splitlines()) if n not in inside)


def lines_of_fences(text: str) -> set[int]:
    """Which lines of *text* are those of fenced blocks, counted from 0."""
    spans = _fence_spans(text.splitlines())
    return {n for start, end, _ in spans for n in range(start, end + 1)}


def _fence_spans(lines: list[str]) -> Iterator[tuple[int, int, str | None]]:
    """(opening line, closing line, mark) of each fence, counted from 0."""
    mark: str | None = None
    n = 0
    while n < len(lines):
        if div := _DIV.match(lines[n]):
            mark = div["name"]
        elif lines[n].strip() == "</div>":
            mark = None
        elif fence := _FENCE.match(lines[n]):
            end = _closing_line(lines, n, fence["ticks"])
            yield n, end, mark
            n = end
        n += 1


def _closing_line(lines: list[str], start: int, ticks: str) -> int:
    for n in range(start + 1, len(lines)):
        closing = lines[n].strip()
        if closing and set(closing) == {ticks[0]} and len(closing) >= len(ticks):
            return n
    return len(lines) - 1


def fingerprint(text: str) -> str:
    """12 hexadecimal digits for the words of an English page, however they are wrapped."""
    words = " ".join(without_front_matter(text).split())
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def stamp_of(japanese: Path) -> str | None:
    """The hash in the front matter of a Japanese page, or None."""
    found = STAMP.search(read_page(japanese).split("\n---", 1)[0])
    return found[1] if found else None


def is_behind(english: Path, japanese: Path) -> bool:
    """Whether the English page has other words than those the Japanese one was stamped for."""
    return stamp_of(japanese) != fingerprint(read_page(english))
