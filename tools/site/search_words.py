"""Cut a text into the words by which a page is found, in either language.

docs/assets/search/words.js cuts what readers type, by the same rules: tests/search_words.toml holds
both. A Latin word loses its ending; a name such as ``preload_app`` is its parts as well. Japanese
has no spaces, and a dictionary would cut a query otherwise than a page: each run of kanji or of
katakana is cut into pairs. Hiragana, numbers that are no code, and some words of docs/search.toml
say nothing.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator

from tools.pages import DOCS

_RUNS = re.compile(r"[a-z0-9_]+(?:\.[0-9]+)*|[\u4e00-\u9fff々]+|[ァ-ヺー]+")
_NO_CODE = re.compile(r"\d{1,2}|\d{5,}")  # such as a pid; but 1064, 3.14
_ENDINGS = (
    (re.compile("(..)ies$"), r"\1y"),
    (re.compile("(.[^isu])s$"), r"\1"),
    (re.compile("(...)(?:ing|ed)$"), r"\1"),
    (re.compile("(...)e$"), r"\1"),
    (re.compile(r"(.)([bdgmnprt])\2$"), r"\1\2"),
)
_NOTHING = tomllib.loads((DOCS / "search.toml").read_text("utf-8"))["nothing"]
_SAYS_NOTHING = frozenset(" ".join(_NOTHING.values()).split())


def words(text: str) -> Iterator[str]:
    """The words of *text*, in its order, as often as they stand there."""
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        yield from (_latin(run) if run.isascii() else _japanese(run))


def _latin(run: str) -> Iterator[str]:
    whole = run.strip("_")
    parts = [whole, *re.split("_+", whole)] if "_" in whole else [whole]
    for word in parts:
        if len(word) > 1 and word not in _SAYS_NOTHING and not _NO_CODE.fullmatch(word):
            yield _stem(word)


def _stem(word: str) -> str:
    if not word.isalpha():
        return word
    for ending, instead in _ENDINGS:
        word = ending.sub(instead, word)
    return word


def _japanese(run: str) -> Iterator[str]:
    pairs = [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    yield from (pair for pair in pairs if pair not in _SAYS_NOTHING)
