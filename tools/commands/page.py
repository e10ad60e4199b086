"""``python -m tools.commands.page CHAPTER/NAME``: write a new page, to be filled with words.

It comes in both languages, in the form that Contributing explains, with a program and what that
prints, and with its place in mkdocs.yml and docs/addresses.txt. What is left to write says TODO.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from string import Template

from runner import EXAMPLES, Example, judge
from tools.commands.addresses import write_new
from tools.pages import CODES, ROOT, Page

NAVIGATION = ROOT / "mkdocs.yml"
SKELETON = f"{Path(__file__).parent}/skeleton.{{language}}.md"
PROGRAM = """\
import os

pid = os.fork()
if pid == 0:
    print("child", flush=True)
    os._exit(0)
os.waitpid(pid, 0)
print("parent")
"""

_CHAPTER = re.compile(r"^  - (?P<name>[\w-]+):.*\n(?P<pages>(?:      .*\n)*)", re.M)
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class PageError(Exception):
    """A page that cannot be written; the message says what to do."""


def plan(chapter: str, name: str) -> tuple[list[Page], Example]:
    """The page in each language and its program, none of which exists. Raises PageError."""
    if not _NAME.fullmatch(name):
        raise PageError(f"{name} is no name of a page: small letters, digits and hyphens make one")
    pages = [Page(language, f"{chapter}/{name}.md") for language in CODES]
    example = Example(EXAMPLES / chapter / f"{name.replace('-', '_')}.py")
    notebooks = (page.path.with_suffix(".py") for page in pages)
    for path in (*(page.path for page in pages), *notebooks, example.source):
        if path.exists():
            raise PageError(f"{_shown(path)} exists: take another name, or change what is there")
    return pages, example


def write(chapter: str, name: str) -> list[Path]:
    """Write the page and what belongs to it; returns the files that are new. Raises PageError."""
    navigation = with_page(NAVIGATION.read_text("utf-8"), chapter, name)
    pages, example = plan(chapter, name)
    example.source.write_text(PROGRAM, "utf-8")
    judge(example).store()
    for page in pages:
        skeleton = Template(Path(SKELETON.format(language=page.language)).read_text("utf-8"))
        text = skeleton.substitute(name=name, program=f"{chapter}/{example.source.stem}")
        page.path.write_text(text, "utf-8")
    NAVIGATION.write_text(navigation, "utf-8")
    write_new()
    return [*(page.path for page in pages), example.source, example.transcript]


def with_page(navigation: str, chapter: str, name: str) -> str:
    """The text of mkdocs.yml with the page as the last of its chapter. Raises PageError."""
    chapters = {found["name"]: found for found in _CHAPTER.finditer(navigation)}
    if chapter not in chapters:
        raise PageError(f"mkdocs.yml has no chapter {chapter}; it has {', '.join(chapters)}")
    end = chapters[chapter].end()
    return f"{navigation[:end]}      - {chapter}/{name}.md\n{navigation[end:]}"


def next_steps(new: list[Path]) -> str:
    """What is left to do with the files that were written."""
    english, japanese, program, transcript = map(_shown, new)
    return f"""\
{english}
{japanese}
    Write what each TODO says. One language is enough, but copy `symptoms` to the other page.
{program}
    Write the program, then let it print {transcript.name} again:
    .venv/bin/python -m runner --update {program}
mkdocs.yml
    It is the last page of its chapter. Move the line to where it belongs.
docs/addresses.txt
    When headings changed: .venv/bin/python -m tools.commands.addresses
    Before the first commit, take out what the page no longer has.

See it:    make serve
Check it:  make prose
           .venv/bin/python -m pytest tests/test_page_form.py tests/test_pages.py
When the Japanese page says what the English one says:
           .venv/bin/python -m tools.commands.translation accept {japanese}"""


def _shown(path: Path) -> Path:
    return path.relative_to(ROOT)


def main(arguments: list[str] | None = None) -> int:
    """The command line; 0, or 2 with one sentence when the page cannot be written."""
    parser = argparse.ArgumentParser(prog="python -m tools.commands.page", description=__doc__)
    parser.add_argument("place", nargs="?", default="", metavar="CHAPTER/NAME")
    chapter, slash, name = parser.parse_args(arguments).place.partition("/")
    try:
        if not slash:
            raise PageError("say where it belongs and its name: make page PAGE=locks/my-page")
        print(next_steps(write(chapter, name)))
    except PageError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
