"""The words of docs/words.toml: all that the site says around its pages, in each language.

What is wrong with the file raises WordsError, which names the line, the key and what to write.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from string import Formatter
from typing import Any

from tools.pages import CODES, DOCS

WORDS = DOCS / "words.toml"

_TABLE = re.compile(r"\[(.+)\]")
_KEY = re.compile(r"(\S.*?)\s*=")


class WordsError(ValueError):
    """A word that docs/words.toml does not have, or has in one language only."""


def say(key: str, language: str, **values: object) -> str:
    """The word of that dotted key in the language of that code, with *values* in its places."""
    word = read_words().get(key)
    if word is None:
        raise WordsError(f"docs/{WORDS.name} has no {key}: add {_each(key)}, or ask for another")
    text = word[language]
    try:
        return text.format(**values)
    except KeyError as place:
        raise _wrong(key, f"nothing fills its place {{{place.args[0]}}}") from None


def table(name: str, language: str) -> dict[str, str]:
    """The words below *name* in that language, by their keys without it, in order of the file."""
    above = f"{name}."
    found = {
        key.removeprefix(above): word[language]
        for key, word in read_words().items()
        if key.startswith(above)
    }
    if not found:
        raise WordsError(f"docs/{WORDS.name} has no table [{name}]")
    return found


@cache
def read_words() -> dict[str, dict[str, str]]:
    """Each word by its dotted key: what it is in each language."""
    try:
        return dict(_words_below("", tomllib.loads(WORDS.read_text("utf-8"))))
    except tomllib.TOMLDecodeError as error:
        raise WordsError(f"docs/{WORDS.name} is no TOML: {error}") from error


def _words_below(above: str, entries: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    for name, entry in entries.items():
        key = f"{above}{name}"
        if not isinstance(entry, dict):
            raise _wrong(key, f"it is said in no language; write {_each(name)}")
        if entry.keys().isdisjoint(CODES):
            yield from _words_below(f"{key}.", entry)
        else:
            yield key, _whole(key, entry)


def _whole(key: str, word: dict[str, Any]) -> dict[str, str]:
    """*word*, which has a text in each language, with the same places."""
    name = key.rpartition(".")[2]
    for code in CODES:
        if not isinstance(word.get(code), str):
            raise _wrong(key, f'it says nothing in "{code}"; write {name}.{code} = "…"')
    if unknown := word.keys() - set(CODES):
        raise _wrong(key, f"{min(unknown)} is no language; it has {_each(name)}")
    try:
        places = {_places(text) for text in word.values()}
    except ValueError as error:
        raise _wrong(key, f"{error}; braces stand around a place, in pairs") from None
    if len(places) > 1:
        raise _wrong(key, "its languages have different {places}; give each the same")
    return word


def _places(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _each(key: str) -> str:
    return " and ".join(f"{key}.{code}" for code in CODES)


def _wrong(key: str, what: str) -> WordsError:
    return WordsError(f"{place_of(key)}: {key}: {what}")


def place_of(key: str) -> str:
    """The file and the line, counted from 1, where *key* stands first."""
    above = ""
    for number, line in enumerate(WORDS.read_text("utf-8").splitlines(), 1):
        if header := _TABLE.match(line):
            above = f"{header[1]}."
        elif entry := _KEY.match(line):
            said = f"{above}{entry[1]}.".replace('"', "")
            if said.startswith(f"{key}."):
                return f"docs/{WORDS.name}:{number}"
    return f"docs/{WORDS.name}"
