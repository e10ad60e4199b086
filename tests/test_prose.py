"""Prose keeps the rules that `make prose` runs, and linters read each page line for line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import tools.pages
from tools.commands import prose
from tools.commands.prose import (
    as_commonmark,
    habits_of,
    in_the_new_form,
    japanese_files,
    joined_otherwise,
    only_japanese,
    prh_pattern,
    report,
    run,
    said_beside,
    text_of,
    unused_terms,
    wrong_fragments,
    wrong_japanese,
)
from tools.japanese import other_spellings, plain_sentences, wrong_marks
from tools.pages import CODES, DOCS, ROOT, Page, find_pages, sorted_pages
from tools.sentences import Figures, figures, sentences
from tools.site.terms import TERMS, read_terms

PAGES = [path for language in CODES for path in sorted_pages(DOCS / language)]


@pytest.mark.parametrize("path", japanese_files(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_japanese_is_written_as_the_rules_say(path: Path) -> None:
    assert not (wrong := wrong_japanese(path)), "\n".join(wrong)


@pytest.mark.parametrize("path", prose.BESIDE_THE_TEXT, ids=lambda p: p.name)
def test_japanese_beside_the_text_too(path: Path) -> None:
    assert not (wrong := wrong_fragments(path)), "\n".join(wrong)
    assert any(said_beside(path, "en").split("\n"))


@pytest.mark.parametrize("rule", prose.RULES_OF_ALL_PAGES)
def test_a_word_is_one_on_all_pages(rule: Callable[[], list[str]]) -> None:
    assert not (wrong := rule()), "\n".join(wrong)


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


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("子が待ち, 親が動きます。", "half-width “,” in 「子が待ち, 親が動きま」: write 、"),
        ("`fork()`, `exec()` です。", "half-width “,”"),
        ("子が待ちます.", "half-width “.” in 「子が待ちます.」: write 。"),
        ("動きますか?", "half-width “?” in 「動きますか?」: write ？"),
        ("親(親プロセス)です。", "half-width parentheses around Japanese: write （親プロセス）"),
        ("子 、親です。", "a space in 「子 、親です。」"),
        ("「 子 」です。", "a space in"),
        ("子が ３ つです。", "full-width ３: write letters and digits half-width"),
        ("*ゾンビ*です。", "italics, *ゾンビ*"),
        (
            "待機することができます。",
            "「することができ」: write でき",
        ),
        ("簡単に動きます。", "「簡単に」: leave it out"),
        ("## 待ちます { #waits }", "a heading ends in a noun"),
    ],
)
def test_a_wrong_mark_is_named(line: str, message: str) -> None:
    (_, said), *_ = list(wrong_marks(text_of(line)))
    assert message in said


def test_a_wrong_fragment_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prose, "ROOT", tmp_path)
    words = tmp_path / "words.toml"
    words.write_text(
        '[site]\nsay.en = "waht {a} \\"b" # a\nsay.ja = "子, 親"\n[text.ja]\n"x y" = "親"\n',
        "utf-8",
    )
    assert said_beside(words, "en") == "\nwaht `` ``b\n\n\n\n"
    assert said_beside(words, "ja") == "\n\n子, 親\n\n親\n"
    (message,) = wrong_fragments(words)
    assert message.startswith("words.toml:3: half-width “,”")


def test_a_linter_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    linter = tmp_path / "node_modules/.bin/markdownlint-cli2"
    linter.parent.mkdir(parents=True)
    linter.write_text("#!/bin/sh\necho '.cache/prose/markdown/a.md:3:1 error MD033/x [b]'\n")
    linter.chmod(0o755)
    monkeypatch.setattr(prose, "ROOT", tmp_path)
    _, said = run("markdownlint-cli2")
    assert said == f"a.md:3:1 error MD033/x [b]: {prose.HINTS['MD033']}\n"


def test_a_broken_paragraph_is_named() -> None:
    assert list(wrong_marks("子が待ちます。\n親が動きます。")) == [
        (2, "a paragraph is one line in Japanese: join this line to the one before")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "fork(2) は、`a, b` と Linux 6.1 (GC) の話です。",
        "1. 子です。\n2. 親です。\n- 子です。",
        "## この症状ですか？ { #it }\n子です。",
        "**誤：** 「子」、[A, B. C](https://example.org/)、終わり ·",
        "> 1 個だけ、**太字**です。",
    ],
)
def test_what_marks_may_be(text: str) -> None:
    assert list(wrong_marks(text_of(text))) == []


def test_a_line_that_waits_for_its_translation_is_no_japanese() -> None:
    assert only_japanese("`A`, b.\n子です。\n|---|\n") == "\n子です。\n|---|\n"


def test_one_word_has_one_spelling() -> None:
    texts = {
        "a": "ゾンビ、サーバー\nゾンビ",
        "b": "ゾンビー、ファイルディスクリプタ",
        "c": "サーバーのバッファ",
    }
    assert list(other_spellings(texts)) == [("b", 1, "「ゾンビー」: the other pages write ゾンビ")]
    compound = {"a": "ゾンビプロセス、ゾンビ", "b": "ゾンビー ゾンビー"}
    assert [name for name, _, _ in other_spellings(compound)] == ["b", "b"]
    assert len(list(other_spellings({"a": "デスクリプター ディスクリプタ ディスクリプタ"}))) == 1


def test_a_term_that_no_page_uses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    deadlock = next(term for term in read_terms() if term.id == "deadlock")
    renamed = replace(deadlock, name={"en": "deadly embrace", "ja": "死のロック"})
    monkeypatch.setattr(prose, "read_terms", lambda: [renamed])
    n = TERMS.read_text("utf-8").splitlines().index("[locks.deadlock]") + 1
    assert [message.partition(":")[0] for message in unused_terms()] == ["docs/terms.toml"] * 2
    assert f"docs/terms.toml:{n}: no page in docs/ja says “死のロック”" in unused_terms()[1]


def test_a_term_with_other_hyphens_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    group = next(term for term in read_terms() if term.id == "process-group")
    monkeypatch.setattr(
        prose, "read_terms", lambda: [replace(group, forms={"en": ("process-group",)})]
    )
    assert "“process group”: docs/terms.toml writes “process-group”" in joined_otherwise()[0]


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


@pytest.mark.parametrize("page", in_the_new_form(), ids=lambda page: page.id)
def test_a_page_in_the_new_form_has_no_old_habits(page: Page) -> None:
    assert not (found := habits_of(page)), "\n".join(found)


@pytest.mark.parametrize(
    ("language", "text", "message"),
    [
        ("en", "It waits for ever.", "“for ever”: write forever (docs/habits.toml)"),
        ("en", "Nobody waits.", "“Nobody”: write no process"),
        ("en", "It waits. Where it can, it ends.", ":3: “. Where it can,”: write If …"),
        ("en", "What is left is a zombie.", ":3: “What is left is a zombie.”"),
        ("ja", "親プロセスです。だから、待ちます。", "“。だから、”: write そのため、"),
        ("ja", "誰か。\n誰も。", ":4: “誰”, at most 1 on a page"),
        ("ja", "1 つです。\nひとつです。", ":4: 「ひとつです。」: this page writes 1 つ"),
    ],
)
def test_a_habit_is_named(
    language: str, text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = habits_of(_page(language, text, tmp_path, monkeypatch))
    assert any(message in line for line in found), found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "What happens? `Nobody` waits. See [who waits](for-ever/repair.md)."),
        ("en", "Where does it wait?"),
        ("ja", "誰が待ちますか。親プロセスが、子プロセスと子を待ちます。`1 つ`はひとつです。"),
    ],
)
def test_what_is_no_habit(
    language: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert habits_of(_page(language, text, tmp_path, monkeypatch)) == []


def _page(language: str, text: str, docs: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.setattr(tools.pages, "DOCS", docs)
    monkeypatch.setattr(prose, "ROOT", docs)
    (docs / language).mkdir()
    page = Page(language, "page.md")
    page.path.write_text(f"# H {{ #h }}\n\n{text}\n", "utf-8")
    return page


@pytest.mark.parametrize(
    ("line", "is_wrong"),
    [
        ("「[ラボ](b.md)」です。", False),
        ("これは[ラボ](b.md#x)です。", True),
        ("- [ラボ](b.md)", False),
        ("[試す場所](b.md)です。", False),
    ],
)
def test_a_title_in_a_sentence_is_quoted(
    line: str, is_wrong: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _page("ja", line, tmp_path, monkeypatch)
    (tmp_path / "ja/b.md").write_text("---\ntitle: ラボ\n---\n", "utf-8")
    found = prose.titles_in_sentences()
    assert bool(found) == is_wrong
    assert all(message.startswith(f"{page.language}/page.md:3: “ラボ”") for message in found)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("これは子です。", ":3: 「子」: write 子プロセス where it comes first"),
        ("親プロセスが子を待ちます。", ":3: 「子」"),
        ("子プロセスは親を待ちません。", ":3: 「親」: write 親プロセス"),
        ("親プロセスが子プロセスを待つ間、子は終わり、親は待ちます。", ""),
    ],
)
def test_kin_has_its_whole_name(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _page("ja", text, tmp_path, monkeypatch)
    monkeypatch.setattr(prose, "DOCS", tmp_path)
    found = prose.kin_by_half_a_name()
    assert bool(found) == bool(message)
    assert all(message in line for line in found)


def test_sentences_are_counted() -> None:
    english = (
        "# Not this.\n\nIt waits, because `f(x)`\nhangs. It does\n[not](a.md).\n\n"
        "- One. Two!\n\n| a. |"
    )
    assert [*sentences(english, "en")] == [
        "It waits, because X hangs.",
        "It does not.",
        "One.",
        "Two!",
    ]
    assert figures([english], "en") == Figures(4, 10 / 4, 1.0, 25.0)
    japanese = "親が待ちます（[wait(2)](a)）。しかし、終わりません。\n"
    assert figures([japanese], "ja") == Figures(2, 13.5, 1.0, 50.0)
    assert figures([], "en") == Figures(0, 0.0, 0.0, 0.0)


def test_the_report_has_the_model_and_each_page() -> None:
    lines = [*report(by_page=True)]
    assert [line.split("  ")[0] for line in lines if line.startswith(("The Rust", "JS Primer"))]
    assert {line.split()[0] for line in lines} >= {page.id for page in find_pages("ja")}
