"""Japanese body text says です・ます throughout, and linters read each page line for line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.commands.prose import as_commonmark, definitions, prh_pattern, text_of
from tools.pages import CODES, DOCS, ROOT, sorted_pages, split_front_matter
from tools.site.terms import TERMS

PAGES = [path for language in CODES for path in sorted_pages(DOCS / language)]
JAPANESE = [*sorted_pages(DOCS / "ja"), ROOT / "README.ja.md"]

CODE = re.compile(r"`[^`]*`")
LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^)\s]*\)")
QUOTATION = re.compile(r"「[^「」]*」")
ASIDE = re.compile(r"（([^（）]*)）")
BOLD_HEAD = re.compile(r"^ *(?:-|\d+\.)? *\*\*[^*]*(?:。\*\*|\*\*。)")
CAPTION = re.compile(r"^!\[.*$", re.M)
NO_BODY = re.compile(r"#|\|")  # headings, tables
POLITE = re.compile(
    r"(?:です|ます|でした|ました|ません|でしょう|ましょう|ください|どうぞ)[かねよ]?$"
)
QUESTION = re.compile(r"か$")
PLAIN_VERB = re.compile(r"[うくすつぬむぶるいただ]$")


def plain_sentences(text: str) -> Iterator[tuple[int, str]]:
    """(line, sentence) of what does not end in です・ます.

    Quotations do not count. An aside in parentheses may be a noun, but its verbs are polite too. A
    question may be plain. What is bold and begins a paragraph is a heading.
    """
    for n, line in enumerate(text.splitlines(), 1):
        if NO_BODY.match(line):
            continue
        line = BOLD_HEAD.sub("", QUOTATION.sub("「」", LINK.sub(r"\1", CODE.sub("``", line))))
        asides: list[str] = []
        while found := ASIDE.search(line):
            asides.append(found[1])
            line = line[: found.start()] + line[found.end() :]
        for sentence in re.findall(r"[^。]+(?=。)", line):
            if not POLITE.search(sentence) and not QUESTION.search(sentence):
                yield n, f"{sentence}。"
        for sentence in re.findall(r"[^。]+(?=。)", "\n".join(asides)):
            if PLAIN_VERB.search(sentence) and not POLITE.search(sentence):
                yield n, f"（{sentence}。）"


def body_of(path: Path) -> str:
    """The Japanese of a file without the description of the page, on its lines."""
    if path == TERMS:
        return definitions("ja")
    text = as_commonmark(path.read_text("utf-8"))
    matter, _ = split_front_matter(text)
    head = len(matter.splitlines()) + 2 if matter else 0
    text = CAPTION.sub("", text)
    return "\n" * head + "\n".join(text_of(text).splitlines()[head:])


@pytest.mark.parametrize("path", [*JAPANESE, TERMS], ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_sentence_is_plain(path: Path) -> None:
    name = path.relative_to(ROOT)
    found = [f"{name}:{n}: {sentence}" for n, sentence in plain_sentences(body_of(path))]
    assert found == [], "a sentence that is not です・ます"


@pytest.mark.parametrize(
    "text",
    [
        "子が待ちます。親も待つ。",
        "EOF は届かない。",
        "これは `fork()` だ。",
        "- 閉じれば済む。\n- 親が閉じます。",
        "    1. ここで待つ。",
        "届きます（[wait(2)](https://example.org/)）。止まった（2026 年）。",
        "届きます。（ただし、止まることもある。）",
        "**待つ** のは親である。",
        "理由は「届かない」から。",
    ],
)
def test_a_plain_sentence_is_found(text: str) -> None:
    assert len(list(plain_sentences(text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "## 待つ。",
        "| 待つ。 | 待たない。 |",
        "**止まる。** 子が止まります。",
        "**スレッド**。子にはありません。",
        "- **もう単純ではない。** 規則が増えました。",
        "何が渡るのか。親が待ちますか。",
        "作者は「待つ。止まる。」と書いています（Linux。3.12 から）。",
        "ここからどうぞ。",
    ],
)
def test_what_may_be_plain(text: str) -> None:
    assert list(plain_sentences(text)) == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_linters_read_line_for_line(path: Path) -> None:
    source = path.read_text("utf-8")
    markdown = as_commonmark(source)
    lines, text = markdown.splitlines(), text_of(markdown).splitlines()
    assert len(text) == len(lines)
    assert len(lines) == len(source.splitlines())
    for line, original in zip(text, source.splitlines(), strict=True):
        words = re.sub(r"^#+ *| *\{ *#[\w-]+ *\}$", "", line).strip()
        assert words in re.sub(r"^# ?#*", "", original) or line.startswith("####")


def test_what_linters_do_not_read() -> None:
    page = (
        "---\ntitle: T\ndescription: D.\ntranslates: 0\n---\n\n# H { #h }\n\n"
        '<div class="crashes" markdown>\n\n```python\ncode\n```\n\n</div>\n\n'
        '??? question "Q"\n    A.\n\n    B.\n\n`output`\n\n![P.](p.svg)\n\nC `code`.\n'
    )
    lines = text_of(page).splitlines()
    assert len(lines) == len(page.splitlines())
    assert [line for line in lines if line] == [
        *("# T", "D.", "# H", "#### Q", "A.", "B.", "P.", "C `code`.")
    ]


def test_cells_are_fences_and_comments_text() -> None:
    notebook = "# ---\n# title: T\n# ---\n\n# %% [markdown]\n# A.\n\n# %%\nx = 1\n\n# %%\ny = 2\n"
    assert as_commonmark(notebook) == (
        "---\ntitle: T\n---\n\n\nA.\n\n```python\nx = 1\n\n\ny = 2\n```\n"
    )


def test_a_short_form_is_wrong_only_alone() -> None:
    assert prh_pattern("サーバー", "サーバ") == "/サーバ(?!ー)/"
    assert prh_pattern("メモリ", "メモリー") == "メモリー"
