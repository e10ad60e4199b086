"""``python -m tools.commands.translation status | diff PAGE | accept [--unchanged WHY] PAGE …``

Which Japanese pages follow their English page, and what changed since: see tools/pages.py.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from pathlib import Path

from tools.commands.prose import waiting_lines
from tools.history import NoHistoryError, base_of_branch, text_at, versions
from tools.pages import (
    AHEAD,
    CODES,
    DOCS,
    ROOT,
    STAMP,
    Page,
    find_pages,
    fingerprint,
    is_ahead,
    is_behind,
    stamp_of,
    without_front_matter,
)

NEVERSTAMPED = "000000000000"
_LINK_TARGET = re.compile(r"\]\([^)]*\)")


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
            rows.append((_state(english[name], japanese[name]), name))
    return rows


def _state(english: Page, japanese: Page) -> str:
    if is_ahead(japanese.path):
        return "ahead"
    return "behind" if is_behind(english.path, japanese.path) else "current"


def changes(page: str) -> str:
    """The English words as stamped against those of today, as a unified diff of lines."""
    english, japanese = _twins(page)
    stamp = stamp_of(japanese.path)
    if stamp is None:
        raise TranslationError(
            f"{_shown(japanese)} carries no `translates:` line in its front matter. "
            f"Read it against {_shown(english)}, then: "
            f".venv/bin/python -m tools.commands.translation accept {page}"
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


def accept(page: str, unchanged: str | None = None) -> str:
    """Stamp the Japanese page with today's English hash; returns what was done.

    Raises TranslationError where only the English page changed, unless *unchanged* says why the
    Japanese one needs no change.
    """
    english, japanese = _twins(page)
    text, stamp = japanese.path.read_text("utf-8"), fingerprint(english.text)
    comment = "# " if japanese.is_notebook else ""
    head, closing, rest = text.partition(f"\n{comment}---")
    if not text.startswith(f"{comment}---\n") or not closing:
        raise TranslationError(
            f"{_shown(japanese)} has no front matter. Start it with three lines: ---, title: …, ---"
        )
    if _state(english, japanese) == "current" and not unchanged:
        return f"{_shown(japanese)} is current already"
    reason = f" # unchanged: {unchanged}" if unchanged else ""
    line = f"{comment}translates: {stamp}{reason}"
    head = STAMP.sub(line, AHEAD.sub("", head)) if STAMP.search(head) else f"{head}\n{line}"
    stamped = f"{head.rstrip()}{closing}{rest}"
    try:
        base = base_of_branch()
    except NoHistoryError:
        base = None
    if base and (message := _stamp_alone(english, japanese, stamped, base)):
        raise TranslationError(message)
    japanese.path.write_text(stamped, "utf-8")
    return f"{_shown(japanese)} now follows {_shown(english)} ({stamp})"


def stamped_alone() -> list[str]:
    """What is wrong with the pages that this branch has stamped, a message for each.

    The branch is what main does not have, or has got last. Raises NoHistoryError.
    """
    base = base_of_branch()
    english = {page.name: page for page in find_pages("en")}
    messages = (
        _stamp_alone(english[page.name], page, page.path.read_text("utf-8"), base)
        for page in find_pages("ja")
        if page.name in english
    )
    return [message for message in messages if message]


def unknown_stamps() -> list[str]:
    """Japanese pages stamped with what no version of the English page is, a message for each.

    Raises NoHistoryError.
    """
    base_of_branch()
    english = {page.name: page for page in find_pages("en")}
    return [
        f"{_place_of_stamp(page)}: no version of {_shown(english[page.name])} in this clone has "
        f"the hash {stamp}; was the line copied from another page? Write `translates: "
        f"{NEVERSTAMPED}`, and stamp the page when it says what the English one says: "
        f".venv/bin/python -m tools.commands.translation accept {_shown(page)} (a shallow clone "
        "lacks versions: git fetch --unshallow)"
        for page in find_pages("ja")
        if page.name in english
        and (stamp := stamp_of(page.path)) not in (None, NEVERSTAMPED)
        and is_behind(english[page.name].path, page.path)
        and stamp not in map(fingerprint, versions(english[page.name].path))
    ]


def _place_of_stamp(page: Page) -> str:
    lines = page.path.read_text("utf-8").splitlines()
    return f"{_shown(page)}:{next(n for n, line in enumerate(lines, 1) if STAMP.match(line))}"


def _stamp_alone(english: Page, japanese: Page, text: str, base: str) -> str | None:
    """What is wrong if *text* differs from the page at *base* in nothing but its stamp."""
    before = text_at(base, japanese.path) or ""
    was, now = STAMP.search(before), STAMP.search(text)
    if not was or not now or was["hash"] in (now["hash"], NEVERSTAMPED) or now["unchanged"]:
        return None
    if _words(STAMP.sub("", before)) != _words(STAMP.sub("", text)):
        return None
    if any(
        fingerprint(then) == was["hash"] and _sense(then) == _sense(english.text)
        for then in versions(english.path)
    ):
        return None
    page, command = _shown(japanese), "python -m tools.commands.translation"
    return (
        f"{page} says what it said before, but sentences of {_shown(english)} changed, which it is "
        f"said to follow now. See them: {command} diff {page} (before it is stamped). Change "
        f"{page}, too; or, if nothing is to be changed there, say why: "
        f'{command} accept --unchanged "WHY" {page}'
    )


def _words(text: str) -> list[str]:
    return AHEAD.sub("", text).split()


def _sense(english: str) -> list[str]:
    """The words of an English page, wherever its links lead."""
    return _words(_LINK_TARGET.sub("]", without_front_matter(english)))


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
    for text in versions(english.path):
        if fingerprint(text) == stamp:
            return text
    if stamp == NEVERSTAMPED:
        return ""
    raise TranslationError(
        f"No version of {_shown(english)} in this clone has the hash {stamp}. A shallow clone "
        "lacks history (git fetch --unshallow); else compare the two pages whole, then accept."
    )


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
    stamp.add_argument("--unchanged", metavar="WHY", help="why the Japanese page needs no change")
    options = parser.parse_args(arguments)
    try:
        if options.command == "status":
            rows = status()
            for state, name in rows:
                if state != "current":
                    print(f"{state:<10} {name}")
            print(f"current    {sum(state == 'current' for state, _ in rows)} pages")
        elif options.command == "diff":
            print(changes(options.page) or "Nothing changed: the page is current.")
        else:
            for page in options.pages:
                print(accept(page, options.unchanged))
                japanese = _twins(page)[1]
                for n, line in waiting_lines(japanese.path):
                    print(f"{_shown(japanese)}:{n}: waits for its translation: {line}")
    except (TranslationError, NoHistoryError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
