"""How prose reads, in figures: its sentences, the short ones, and the words that join them.

A figure is for the reader of a report. No text is good because of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

SHORT = {"en": 6, "ja": 20}  # words, characters: at most so many
UNITS = {"en": "words", "ja": "characters"}

_NO_SENTENCES = re.compile(r"\s*(?:#|\||!\[|<|(?:!!!|\?\?\?) |\S+:$)")  # headings, tables, pictures
_ITEM = re.compile(r"\s*(?:[-*+]|\d+\.)\s+")
_CODE = re.compile(r"(`+).+?\1")
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\](?:\([^)\s]*\)|\[[^\]]*\])?")
_END = {
    "en": re.compile(r"(?<=[.!?])(?:[\"'”’)*]*)\s+(?=[\"'“(*]*[A-Z0-9])"),
    "ja": re.compile(r"(?<=[。！？])(?![）」])"),
}
_JOINING = {
    "en": re.compile(
        r"\b(?:because|since|so|therefore|thus|hence|but|however|although|though|while|whereas|"
        r"instead|otherwise|unless|until|which|for example|for instance|such as|that is why|"
        r"in that case|then)\b",
        re.I,
    ),
    "ja": re.compile(
        r"(?:そのため|したがって|よって|このため|それで|そこで|すると|しかし|ただし|ところが|とはいえ|"
        r"一方|それに対し|反対に|逆に|また|さらに|しかも|そして|つまり|たとえば|例えば|なお|なぜなら|"
        r"それでも|ですから|この場合|その場合|これに対し|同様に|次に|まず)"
    ),
}


@dataclass(frozen=True)
class Figures:
    """What is counted in a text; lengths in words (English) or characters (Japanese)."""

    sentences: int
    length: float  # of a sentence, the mean
    short: float  # share of sentences of at most SHORT
    joined: float  # connectives in 100 sentences; in Japanese those that begin one


# Counted by `figures` below, fences left out: rust-lang/book, src/ch*.md at 917544888a55; and
# asciidwango/js-primer, the READMEs of source/basic and source/introduction at 976d11e03eb4.
MODELS = {
    "en": ("The Rust book", Figures(7624, 20.1, 0.053, 45.9)),
    "ja": ("JS Primer", Figures(5282, 42.3, 0.170, 16.9)),
}


def figures(texts: Iterable[str], language: str) -> Figures:
    """Counts of all sentences in *texts*, which are Markdown without fences and front matter."""
    lengths, joining = [], 0
    for sentence in (s for text in texts for s in sentences(text, language)):
        lengths.append(_length[language](sentence))
        joining += _count_joining(sentence, language)
    count = len(lengths)
    if not count:
        return Figures(0, 0.0, 0.0, 0.0)
    short = sum(length <= SHORT[language] for length in lengths)
    return Figures(count, sum(lengths) / count, short / count, 100 * joining / count)


def sentences(text: str, language: str) -> Iterator[str]:
    """The sentences of *text*; inline code counts as one word, and of a link its words."""
    for paragraph in _paragraphs(text, "" if language == "ja" else " "):
        bare = _LINK.sub(r"\1", _CODE.sub("X", paragraph))
        yield from (part.strip() for part in _END[language].split(bare) if part.strip())


def _paragraphs(text: str, joint: str) -> Iterator[str]:
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        ends = not line.strip() or _NO_SENTENCES.match(line) or _ITEM.match(line)
        if ends and lines:
            yield joint.join(lines)
            lines = []
        if line.strip() and not _NO_SENTENCES.match(line):
            lines.append(_ITEM.sub("", line).strip())


def _count_joining(sentence: str, language: str) -> int:
    pattern = _JOINING[language]
    return len(pattern.findall(sentence)) if language == "en" else bool(pattern.match(sentence))


def _words(sentence: str) -> int:
    return len(re.findall(r"[\w'’-]+", sentence))


def _characters(sentence: str) -> int:
    return len(re.sub(r"\s", "", sentence))


_length: dict[str, Callable[[str], int]] = {"en": _words, "ja": _characters}
