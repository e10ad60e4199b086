"""``python -m tools.commands.translation status | diff PAGE | accept PAGE …``

Which Japanese pages follow their English page, and what changed since: see tools/pages.py.
"""

from __future__ import annotations

import argparse
import difflib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.pages import (
    CODES,
    DOCS,
    ROOT,
    STAMP,
    Page,
    as_markdown,
    find_pages,
    fingerprint,
    is_behind,
    stamp_of,
    without_front_matter,
)

NEVERSTAMPED = "000000000000"


class TranslationError(Exception):
    """A page that cannot be treated; the message says what to do."""


def status() -> list[tuple[str, str]]:
    """(state, page) for each page of either language; "current" is the state to wish for."""
    english = {page.name: page for page in find_pages("en")}
    japanese = {page.name: page for page in find_pages("ja")}
    rows = []
    for name in sorted(english.keys() | japanese.keys()):
        if name not in japanese:
            rows.append(("missing", name))
        elif name not in english:
            rows.append(("no English", name))
        else:
            behind = is_behind(english[name].path, japanese[name].path)
            rows.append(("behind" if behind else "current", name))
    return rows


def changes(page: str) -> str:
    """The English words as stamped against those of today, as a unified diff of lines."""
    english, japanese = _twins(page)
    stamp = stamp_of(japanese.path)
    if stamp is None:
        raise TranslationError(
            f"{_shown(japanese)} carries no `translates:` line in its front matter. "
            f"Read it against {_shown(english)}, then: "
            f"python -m tools.commands.translation accept {page}"
        )
    if not is_behind(english.path, japanese.path):
        return ""
    then = _english_at(english, stamp)
    return "\n".join(
        difflib.unified_diff(
            without_front_matter(then).splitlines(),
            english.body.splitlines(),
            f"{_shown(english)} as translated ({stamp})",
            f"{_shown(english)} today ({fingerprint(english.text)})",
            lineterm="",
        )
    )


def accept(page: str) -> str:
    """Stamp the Japanese page with today's English hash; returns what was done."""
    english, japanese = _twins(page)
    text, stamp = japanese.path.read_text("utf-8"), fingerprint(english.text)
    comment = "# " if japanese.is_notebook else ""
    head, closing, rest = text.partition(f"\n{comment}---")
    if not text.startswith(f"{comment}---\n") or not closing:
        raise TranslationError(
            f"{_shown(japanese)} has no front matter. Start it with three lines: ---, title: …, ---"
        )
    if stamp_of(japanese.path) == stamp:
        return f"{_shown(japanese)} is current already"
    line = f"{comment}translates: {stamp}"
    head = STAMP.sub(line, head) if STAMP.search(head) else f"{head}\n{line}"
    japanese.path.write_text(f"{head}{closing}{rest}", "utf-8")
    return f"{_shown(japanese)} now follows {_shown(english)} ({stamp})"


def _twins(page: str) -> tuple[Page, Page]:
    """The English and the Japanese page for a path as a contributor types it."""
    path = Path(page).resolve()
    for language in CODES:
        if path.is_relative_to(DOCS / language):
            name = path.relative_to(DOCS / language).as_posix()
            break
    else:
        raise TranslationError(f"{page} is no page; say a path such as docs/ja/index.md")
    pair = Page("en", name), Page("ja", name)
    if not any(twin.path.is_file() for twin in pair):
        raise TranslationError(f"{page} does not exist; `make translations` lists the pages")
    for twin, other in (pair, pair[::-1]):
        if not twin.path.is_file():
            raise TranslationError(
                f"{_shown(twin)} does not exist. Copy {_shown(other)} there and translate it."
            )
    return pair


def _english_at(english: Page, stamp: str) -> str:
    """The newest English text in the history whose hash is *stamp*."""
    for text in _versions(english.path):
        if fingerprint(text) == stamp:
            return text
    if stamp == NEVERSTAMPED:
        return ""
    raise TranslationError(
        f"No version of {_shown(english)} in this clone has the hash {stamp}. A shallow clone "
        "lacks history (git fetch --unshallow); else compare the two pages whole, then accept."
    )


def _versions(path: Path) -> Iterator[str]:
    name = path.relative_to(ROOT).as_posix()
    for commit in _git("log", "--format=%H", "--", name).split():
        try:
            yield as_markdown(name, _git("show", f"{commit}:{name}"))
        except subprocess.CalledProcessError:
            pass  # the commit that deleted it


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    ).stdout


def _shown(page: Page) -> str:
    return page.path.relative_to(ROOT).as_posix()


def main(arguments: list[str] | None = None) -> int:
    """The command line; 0, or 2 with one sentence when a page cannot be treated."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.commands.translation", description=__doc__
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("status", help="the state of each page")
    diff = commands.add_parser("diff", help="what changed in English since the page was stamped")
    diff.add_argument("page")
    stamp = commands.add_parser("accept", help="the Japanese page says what the English one says")
    stamp.add_argument("pages", nargs="+", metavar="page")
    options = parser.parse_args(arguments)
    try:
        if options.command == "status":
            for state, name in status():
                print(f"{state:<10} {name}")
        elif options.command == "diff":
            print(changes(options.page) or "Nothing changed: the page is current.")
        else:
            for page in options.pages:
                print(accept(page))
    except TranslationError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
