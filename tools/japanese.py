"""How Japanese is written here, as far as a rule can see it. Textlint sees the rest.

Each rule yields (line, message); a message says what is wrong and what to write.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

LETTER = r"[\u3040-\u30ff\u3400-\u9fff々]"

_CODE = re.compile(r"`[^`]*`")
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^)\s]*\)")
_QUOTATION = re.compile(r"「[^「」]*」")
_ASIDE = re.compile(r"（([^（）]*)）|\(([^()]*)\)")
_BOLD_HEAD = re.compile(r"^ *(?:-|\d+\.)? *\*\*[^*]*(?:。\*\*|\*\*。)")
_NO_BODY = re.compile(r"#|\|")  # headings, tables
_POLITE = re.compile(
    r"(?:です|ます|でした|ました|ません|でしょう|ましょう|ください|どうぞ)[かねよ]?$"
)
_QUESTION = re.compile(r"か$")
_PLAIN_VERB = re.compile(r"[うくすつぬむぶるいただ]$")

_FULL_WIDTH = {",": "、", ".": "。", ":": "：", ";": "。", "!": "。", "?": "？"}
_HALF_MARK = re.compile(
    rf"(?<=[`）」*])(,)|(?<={LETTER})\s?([,.:;!?])|(,)(?=\s?{LETTER})|([.:;!?])(?={LETTER})"
)
_NUMBER = re.compile(r"^ *\d+\. ")  # of a list
_HALF_PARENTHESES = re.compile(rf"\((?=[^()]*{LETTER})[^()]*\)")
_SPACE = re.compile(r"(?<=\S) +(?=[、。）」])|(?<=[（「]) +|(?<=[、。）」]) +(?![·|])(?=\S)")
_WIDE = re.compile(r"[０-９Ａ-Ｚａ-ｚ]+")
_ITALIC = re.compile(rf"(?<![*_A-Za-z0-9])([*_])(?![*_\s])[^*_]*{LETTER}[^*_]*\1(?![*_A-Za-z0-9])")
_TRANSLATED = {
    "することができ": "でき",
    "において": "で",
    "に関して": "について",
    "という事実": "こと",
    "フォークする": "fork する",
    "あなた": "",
    "簡単に": "",
    "単に": "",
}
_POLITE_HEADING = re.compile(r"^#+ .*(?:です|ます|ません|でした|ました|。)$")
_BROKEN = re.compile(rf"{LETTER}$|[、。）」]$")
_GOES_ON = re.compile(rf"\s*(?:{LETTER}|[「（])")

_KIN = ("親", "子")

_KATAKANA = re.compile(r"[ァ-ヺー・]{2,}")
_SAME_SOUND = str.maketrans("ァィゥェォャュョ", "アイウエオヤユヨ", "ー・ッ")


def wrong_marks(text: str) -> Iterator[tuple[int, str]]:
    """What is wrong with the marks, spaces and words of *text*, whose code does not count."""
    before = ""
    for n, line in enumerate(text.splitlines(), 1):
        words = _LINK.sub(r"\1", _CODE.sub("``", line))
        yield from ((n, message) for message in _of_a_line(_NUMBER.sub("", words)))
        if _BROKEN.search(before) and _GOES_ON.match(words) and not _NO_BODY.match(before):
            yield n, "a paragraph is one line in Japanese: join this line to the one before"
        before = words


def _of_a_line(line: str) -> Iterator[str]:
    for found in _HALF_MARK.finditer(line):
        mark = found[0].strip()
        yield f"half-width “{mark}” in {_around(line, found)}: write {_FULL_WIDTH[mark]}"
    for found in _HALF_PARENTHESES.finditer(line):
        yield f"half-width parentheses around Japanese: write （{found[0][1:-1]}）"
    for found in _SPACE.finditer(line):
        yield f"a space in {_around(line, found)}: none stands beside 、。（）「」"
    for found in _WIDE.finditer(line):
        yield f"full-width {found[0]}: write letters and digits half-width"
    for found in _ITALIC.finditer(line):
        yield f"italics, {found[0]}: there are none in Japanese; bold is for a new term"
    for phrase, better in _TRANSLATED.items():
        if phrase in line:
            yield f"「{phrase}」: " + (f"write {better}" if better else "leave it out")
            break
    if _POLITE_HEADING.search(line):
        yield f"a heading ends in a noun, without です・ます and 。: {line}"


def _around(line: str, found: re.Match[str]) -> str:
    return f"「{line[max(0, found.start() - 6) : found.end() + 6].strip()}」"


def plain_sentences(text: str) -> Iterator[tuple[int, str]]:
    """What does not end in です・ます.

    Quotations do not count. An aside in parentheses may be a noun, but its verbs are polite too. A
    question may be plain. What is bold and begins a paragraph is a heading.
    """
    for n, line in enumerate(text.splitlines(), 1):
        if _NO_BODY.match(line):
            continue
        line = _LINK.sub(r"\1", _CODE.sub("``", line))
        line = _BOLD_HEAD.sub("", _QUOTATION.sub("「」", line))
        asides: list[str] = []
        while found := _ASIDE.search(line):
            asides.append(found[1] or found[2] or "")
            line = line[: found.start()] + line[found.end() :]
        for sentence in re.findall(r"[^。]+(?=。)", line):
            if not _POLITE.search(sentence) and not _QUESTION.search(sentence):
                yield n, f"not です・ます: {sentence.strip()}。"
        for sentence in re.findall(r"[^。]+(?=。)", "\n".join(asides)):
            if _PLAIN_VERB.search(sentence) and not _POLITE.search(sentence):
                yield n, f"not です・ます: （{sentence}。）"


def bare_kin(text: str) -> Iterator[tuple[int, str]]:
    """Where *text* first says 子 or 親 and nowhere 子プロセス, 親プロセス: what readers type."""
    for word in _KIN:
        if f"{word}プロセス" not in text and word in text:
            line = text.count("\n", 0, text.index(word)) + 1
            yield line, f"「{word}」: write {word}プロセス where it comes first"


def counted_twice(text: str) -> Iterator[tuple[int, str]]:
    """Where *text* says ひとつ, though it counts 1 つ elsewhere."""
    bare = _CODE.sub("``", text)
    if re.search(r"(?<!\d)1 つ", bare):
        for n, line in enumerate(bare.splitlines(), 1):
            if found := re.search(r"ひとつ(?!ひとつ)", line):
                yield n, f"{_around(line, found)}: this page writes 1 つ; one of the two"


def other_spellings(texts: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    """(name, line, message) where a katakana word is spelled as elsewhere it is not.

    Of two spellings of one sound, サーバ and サーバー, the rarer one is wrong. *texts* has a name
    for each text.
    """
    found = [
        (name, n, word)
        for name, text in texts.items()
        for n, line in enumerate(text.splitlines(), 1)
        for word in _words(line)
    ]
    all_words = " ".join(word for _, _, word in found)  # ゾンビプロセス speaks for ゾンビ
    spellings: defaultdict[str, set[str]] = defaultdict(set)
    for _, _, word in found:
        spellings[_sound(word)].add(word)
    usual_of = {
        sound: max(sorted(words), key=lambda word: len(re.findall(f"{word}(?!ー)", all_words)))
        for sound, words in spellings.items()
    }
    for name, n, word in found:
        if word != (usual := usual_of[_sound(word)]):
            yield name, n, f"「{word}」: the other pages write {usual}"


def _words(line: str) -> Iterable[str]:
    return (word.strip("・") for word in _KATAKANA.findall(_CODE.sub("``", line)))


def _sound(word: str) -> str:
    return word.translate(_SAME_SOUND).replace("デイ", "デ").replace("テイ", "テ")
