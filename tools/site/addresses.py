"""Every address that the site ever had, and where a reader of it is led today.

An address begins with "/" at the root of the site: "/ja/processes/leaving/#flags", a page or a
section of it in one language, or "/examples/processes/ways_to_leave.py", a program, which both
languages share. docs/addresses.txt lists all that were ever published, docs/moved.toml where those
went that have moved; tests/test_site.py holds that each still answers.
"""

from __future__ import annotations

import tomllib
from functools import cache

from runner import EXAMPLES, find_examples
from tools.pages import CODES, DOCS, find_pages
from tools.site.terms import GLOSSARY, read_terms

LEDGER = DOCS / "addresses.txt"
MOVED = DOCS / "moved.toml"


def published() -> set[str]:
    """The addresses that the pages and programs of now have."""
    programs = {path for one in find_examples() for path in (one.source, *one.siblings)}
    found = {f"/examples/{path.relative_to(EXAMPLES)}" for path in programs}
    for page in (page for code in CODES for page in find_pages(code)):
        ids = {heading_id for _, _, heading_id in page.headings if heading_id}
        if page.name == GLOSSARY:
            ids |= {name for term in read_terms() for name in (term.chapter, term.id)}
        found |= {f"/{page.address}", *(f"/{page.address}#{name}" for name in ids)}
    return found


def ledger() -> set[str]:
    """The addresses of docs/addresses.txt."""
    return set(LEDGER.read_text("utf-8").split())


@cache
def moves() -> dict[str, str]:
    """docs/moved.toml: the new address of each old one, both without the folder of a language."""
    return tomllib.loads(MOVED.read_text("utf-8"))


def page_of(address: str) -> str:
    """The address without its fragment."""
    return address.partition("#")[0]


def fragment_of(address: str) -> str:
    """The id behind the "#", "" where there is none."""
    return address.partition("#")[2]


def follow(address: str) -> str:
    """Where *address*, without the folder of a language, is today; ValueError for a circle.

    A section moves with its page, unless it has a line of its own.
    """
    on_the_way: list[str] = []
    while address not in on_the_way:
        on_the_way.append(address)
        page, fragment = page_of(address), fragment_of(address)
        if address in moves():
            address = moves()[address]
        elif page in moves():
            address = f"{page_of(moves()[page])}#{fragment}"
        else:
            return address
    raise ValueError(f"docs/{MOVED.name}: {' -> '.join([*on_the_way, address])} is a circle")
