"""Both languages have the same pages, of the same structure; and the tool that watches over it."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import places, twins
from tests.support.results import leave_out
from tests.support.twins import Part
from tools import history, pages
from tools.commands import translation
from tools.history import NoHistoryError
from tools.pages import Page, find_pages

ENGLISH = {page.name: page for page in find_pages("en")}
JAPANESE = {page.name: page for page in find_pages("ja")}
BOTH = sorted(ENGLISH.keys() & JAPANESE.keys())
KANA = re.compile(r"[\u3040-\u30ff]")

COPY = "Copy the changed part there, in your language: a maintainer translates."
OR_LATER = (
    "Or leave it to them: if docs/ja/{name} was changed first, write `ahead: true` below its "
    "`translates:`; if it was not changed, take its old `translates:` back."
)

each_pair = pytest.mark.parametrize("name", BOTH)


def test_the_same_pages() -> None:
    lacking = [f"docs/ja/{name}" for name in ENGLISH if name not in JAPANESE]
    lacking += [f"docs/en/{name}" for name in JAPANESE if name not in ENGLISH]
    assert not lacking, "\n".join(
        f"{name} does not exist. Copy the page of the other language there, sentences and all, "
        f"with `translates: {translation.NEVERSTAMPED}` in the front matter of the Japanese one: "
        "a maintainer translates"
        for name in lacking
    )


@each_pair
@pytest.mark.parametrize(
    "parts",
    [twins.headings, twins.programs, twins.explanations, twins.boxes, twins.links, twins.blocks],
)
@pytest.mark.filterwarnings("default")
def test_the_same_structure(name: str, parts: Callable[[Page], Iterator[Part]]) -> None:
    """In a page that says it is current. One that is behind or ahead may differ, and is named."""
    english, japanese = ENGLISH[name], JAPANESE[name]
    found = twins.differences(parts, english, japanese)
    if not found:
        return
    message = "\n".join([*found, COPY])
    if pages.is_behind(english.path, japanese.path) or pages.is_ahead(japanese.path):
        warnings.warn(message, stacklevel=1)
    else:
        pytest.fail(f"{message}\n{OR_LATER.format(name=name)}", pytrace=False)


@each_pair
def test_a_japanese_page_carries_a_stamp(name: str) -> None:
    stamp = pages.stamp_of(JAPANESE[name].path)
    assert stamp, f"docs/ja/{name} has no `translates:` in its front matter"
    assert re.fullmatch(r"[0-9a-f]{12}", stamp), f"docs/ja/{name}: translates: {stamp}"


@each_pair
def test_code_is_not_translated(name: str) -> None:
    for fence in JAPANESE[name].fences:
        assert not KANA.search(fence.body), f"docs/ja/{name}:{fence.line}: Japanese inside code"


@each_pair
@pytest.mark.filterwarnings("default")
def test_a_page_behind_is_named(name: str) -> None:
    """It only warns: who mends a sentence in one language never waits for the other."""
    if pages.is_behind(ENGLISH[name].path, JAPANESE[name].path):
        warnings.warn(f"docs/ja/{name} is behind: make translations", stacklevel=1)


def test_no_page_is_stamped_without_a_change() -> None:
    """On this branch: what is merged already was looked at then."""
    try:
        found = translation.stamped_alone()
    except NoHistoryError as error:
        leave_out(str(error))
    assert not found, "\n".join(found)


def test_a_stamp_is_the_hash_of_some_english_version() -> None:
    try:
        found = translation.unknown_stamps()
    except NoHistoryError as error:
        leave_out(str(error))
    assert not found, "\n".join(found)


HEAD = "---\ntitle: T\n---\n\n# T { #t }\n\n\n"
ENGLISH_PAGE = "[B](b.md)\n\n## A { #a }\n\n```sh\nmake\n```\n\n1. A.\n\n## C { #c }"
JA = "---\ntitle: 待つ\ntranslates: 000000000000\n---\n\n# 待つ\n"


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one page in both languages, the Japanese one just stamped."""
    monkeypatch.setattr(pages, "DOCS", tmp_path / "docs")
    monkeypatch.setattr(translation, "DOCS", tmp_path / "docs")
    monkeypatch.setattr(translation, "ROOT", tmp_path)
    monkeypatch.setattr(history, "ROOT", tmp_path)
    write(tmp_path, "en", "---\ntitle: Waiting\n---\n\n# Waiting\n\nA waits.\n")
    write(tmp_path, "ja", JA)
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path)
    assert translation.main(["accept", str(tmp_path / "docs/ja/page.md")]) == 0
    commit(tmp_path)
    return tmp_path


def write(clone: Path, language: str, text: str) -> Path:
    page = clone / "docs" / language / "page.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, "utf-8")
    return page


def git(clone: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=clone, check=True)


def commit(clone: Path) -> None:
    git(clone, "add", ".")
    git(clone, "commit", "-qm", "Change")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    translation.main(list(arguments))
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_wrapping_and_front_matter_age_nothing(clone: Path) -> None:
    write(clone, "en", "---\ntitle: Wait\n---\n\n# Waiting\n\nA\nwaits.\n")
    assert translation.status() == [("current", "page.md")]


def test_a_changed_word_is_seen_and_shown(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    english = write(clone, "en", "---\ntitle: Waiting\n---\n\n# Waiting\n\nB waits.\n")
    assert translation.status() == [("behind", "page.md")]
    shown = said(capsys, "diff", str(english))
    assert "-A waits." in shown
    assert "+B waits." in shown
    write(clone, "ja", JA.replace("# 待つ", "# B が待つ"))
    assert "now follows docs/en/page.md" in said(capsys, "accept", str(clone / "docs/ja/page.md"))
    assert translation.status() == [("current", "page.md")]
    assert "Nothing changed" in said(capsys, "diff", str(english))
    assert "is current already" in said(capsys, "accept", str(english))


def test_a_stamp_alone_is_refused(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(clone, "en", "---\ntitle: Waiting\n---\n\n# Waiting\n\nB waits.\n")
    japanese = clone / "docs/ja/page.md"
    before = japanese.read_text("utf-8")
    message = said(capsys, "accept", str(japanese))
    assert "docs/ja/page.md says what it said before, but sentences of docs/en/page.md" in message
    assert japanese.read_text("utf-8") == before
    assert "now follows" in said(capsys, "accept", "--unchanged", "A name only", str(japanese))
    assert " # unchanged: A name only\n" in japanese.read_text("utf-8")
    assert translation.status() == [("current", "page.md")]
    assert translation.stamped_alone() == []


@pytest.mark.parametrize("committed", ["", "on a branch", "on main"])
def test_a_stamp_alone_is_found(clone: Path, committed: str) -> None:
    text = "---\ntitle: Waiting\n---\n\n# Waiting\n\nB waits.\n"
    write(clone, "en", text)
    write(clone, "ja", JA.replace("000000000000", pages.fingerprint(text)))
    if committed == "on a branch":
        git(clone, "switch", "-qc", "branch")
        commit(clone)
        git(clone, "commit", "-qm", "Another", "--allow-empty")
    if committed == "on main":
        commit(clone)
    (message,) = translation.stamped_alone()
    assert "Change docs/ja/page.md, too; or, if nothing is to be changed there, say why" in message


def test_only_links_changed(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(clone, "en", "---\ntitle: Waiting\n---\n\n# Waiting\n\n[A](a.md) waits.\n")
    write(clone, "ja", JA.replace("# 待つ", "# 待つ { #a }"))
    said(capsys, "accept", str(clone / "docs/ja/page.md"))
    commit(clone)
    write(clone, "en", "---\ntitle: Waiting\n---\n\n# Waiting\n\n[A](b.md) waits.\n")
    assert "now follows" in said(capsys, "accept", str(clone / "docs/ja/page.md"))


def test_a_page_that_was_changed_first(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    japanese = clone / "docs/ja/page.md"
    japanese.write_text(japanese.read_text("utf-8").replace("\n---\n\n", "\nahead: true\n---\n\n"))
    assert translation.status() == [("ahead", "page.md")]
    assert "now follows" in said(capsys, "accept", str(japanese))
    assert "ahead" not in japanese.read_text("utf-8")


def test_without_history(
    clone: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(clone / ".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(clone.parent))
    english = write(clone, "en", "---\ntitle: Waiting\n---\n\n# Waiting\n\nB waits.\n")
    assert "Clone it with git, or compare the two pages" in said(capsys, "diff", str(english))
    assert "now follows" in said(capsys, "accept", str(english))


@pytest.mark.parametrize(
    ("parts", "japanese", "message"),
    [
        (twins.headings, "## A { #b }", "docs/ja/p.md lacks the heading “## … { #a }” of docs/en/"),
        (twins.links, "[b](x.md)", "docs/ja/p.md lacks the link b.md of docs/en/p.md:8"),
        (
            twins.programs,
            "```sh\nls\n```",
            "docs/en/p.md lacks the program or output “ls” of docs/ja",
        ),
        (twins.boxes, "!!! note", "docs/en/p.md lacks the box of kind “note” of docs/ja/p.md:8"),
        (
            twins.explanations,
            "```sh\nmake\n```\n\n1. A.\n2. B.",
            "docs/en/p.md lacks the explanation of mark 2 below “make” of docs/ja/p.md:",
        ),
        (
            twins.headings,
            "## C { #c }\n\n## A { #a }",
            "docs/ja/p.md:8 has another order than docs/en/p.md: the heading “## … { #c }” where",
        ),
        (
            twins.blocks,
            "[B](b.md)\n\n## A { #a }",
            "docs/ja/p.md lacks the list item 1 of 1 (only counted; it may be an earlier one) "
            "in the section { #a } of docs/en/p.md:16",
        ),
        (
            twins.blocks,
            "| A |",
            "docs/en/p.md lacks the row 1 of 1 (only counted; it may be an earlier one) "
            "in the section { #t } of docs/ja/p.md:8",
        ),
    ],
)
def test_what_a_page_lacks_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    parts: Callable[[Page], Iterator[Part]],
    japanese: str,
    message: str,
) -> None:
    monkeypatch.setattr(pages, "DOCS", tmp_path / "docs")
    monkeypatch.setattr(places, "ROOT", tmp_path)
    for language, text in (("en", ENGLISH_PAGE), ("ja", japanese)):
        page = Page(language, "p.md")
        page.path.parent.mkdir(parents=True)
        page.path.write_text(f"{HEAD}{text}\n", "utf-8")
    found = twins.differences(parts, Page("en", "p.md"), Page("ja", "p.md"))
    assert any(message in line for line in found), found


def test_a_page_without_its_twin(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    japanese = clone / "docs/ja/page.md"
    japanese.unlink()
    assert translation.status() == [("missing", "page.md")]
    message = "docs/ja/page.md does not exist. Copy docs/en/page.md there and translate it."
    assert message in said(capsys, "diff", str(japanese))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["diff", "docs/ja/nowhere.md"], "docs/ja/nowhere.md does not exist; `make translations`"),
        (["accept", "README.md"], "README.md is no page; say a path such as docs/ja/index.md"),
    ],
)
def test_an_unknown_page(
    clone: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(clone)
    assert translation.main(arguments) == 2
    assert message in said(capsys, *arguments)


def test_a_page_without_stamp(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    japanese = write(clone, "ja", "---\ntitle: 待つ\n---\n\n# 待つ\n")
    assert "carries no `translates:` line" in said(capsys, "diff", str(japanese))
    said(capsys, "accept", str(japanese))
    assert translation.status() == [("current", "page.md")]
    write(clone, "ja", "# 待つ\n")
    assert "has no front matter" in said(capsys, "accept", str(japanese))


def test_a_hash_that_no_version_has(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    japanese = write(clone, "ja", "---\ntitle: 待つ\ntranslates: 0123456789ab\n---\n\n# 待つ\n")
    assert "has the hash 0123456789ab. A shallow clone" in said(capsys, "diff", str(japanese))


def test_a_stamp_of_another_page_is_found(clone: Path) -> None:
    write(clone, "en", "---\ntitle: Waiting\n---\n\n# Waiting\n\nB waits.\n")
    assert translation.unknown_stamps() == []
    write(clone, "ja", JA.replace("000000000000", "0123456789ab"))
    (message,) = translation.unknown_stamps()
    assert (
        "docs/ja/page.md:3: no version of docs/en/page.md in this clone has the hash 0123456789ab"
        in message
    )


def test_lines_that_wait_are_named(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(clone, "en", "---\ntitle: Waiting\n---\n\n# Waiting\n\nB waits.\n")
    japanese = write(clone, "ja", JA + "\n子です。\n\nB waits for A.\n\n```sh\nmake lint\n```\n")
    assert "now follows" in said(capsys, "accept", str(japanese))
    shown = said(capsys, "accept", str(clone / "docs/en/page.md"))
    assert "docs/ja/page.md:10: waits for its translation: B waits for A." in shown
    assert shown.count("waits for its translation") == 1


def test_a_page_never_stamped_shows_all(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    japanese = write(clone, "ja", "---\ntitle: 待つ\ntranslates: 000000000000\n---\n\n# 待つ\n")
    assert "+A waits." in said(capsys, "diff", str(japanese))
