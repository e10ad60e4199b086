"""Both languages have the same pages, of the same structure; and the tool that watches over it."""

from __future__ import annotations

import re
import subprocess
import warnings
from pathlib import Path

import pytest

from tests.support.fences import leading_list
from tools import pages
from tools.commands import translation
from tools.pages import find_pages

ENGLISH = {page.name: page for page in find_pages("en")}
JAPANESE = {page.name: page for page in find_pages("ja")}
BOTH = sorted(ENGLISH.keys() & JAPANESE.keys())
KANA = re.compile(r"[\u3040-\u30ff]")

each_pair = pytest.mark.parametrize("name", BOTH)


def neutral(target: str) -> str:
    """A link target without what may differ by language."""
    target = re.sub(r"\.(en|ja)\.svg$", ".svg", target)
    target = re.sub(r"^(https://docs\.python\.org)/ja/", r"\1/", target)
    return re.sub(r"^(https://docs\.python\.org/)(?:3/)?", r"\1", target)


def test_the_same_pages() -> None:
    lacking = {"ja": ENGLISH.keys() - JAPANESE.keys(), "en": JAPANESE.keys() - ENGLISH.keys()}
    assert lacking == {"ja": set(), "en": set()}


@each_pair
def test_the_same_headings(name: str) -> None:
    structure = [
        [(level, i) for level, _, i in page[name].headings] for page in (ENGLISH, JAPANESE)
    ]
    assert structure[1] == structure[0]


@each_pair
def test_the_same_programs(name: str) -> None:
    english, japanese = (
        [(f.language, f.mark, f.title, f.body) for f in page[name].fences]
        for page in (ENGLISH, JAPANESE)
    )
    assert japanese == english


@each_pair
def test_the_same_annotations_and_admonitions(name: str) -> None:
    english, japanese = (
        [list(leading_list(fence.following)) for fence in page[name].fences]
        for page in (ENGLISH, JAPANESE)
    )
    assert japanese == english
    assert JAPANESE[name].admonitions == ENGLISH[name].admonitions


@each_pair
def test_the_same_links(name: str) -> None:
    """In whatever order: a Japanese sentence may come to its source first."""
    english, japanese = (
        sorted(neutral(link) for link in page[name].links) for page in (ENGLISH, JAPANESE)
    )
    assert japanese == english


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


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one page in both languages, the Japanese one just stamped."""
    monkeypatch.setattr(pages, "DOCS", tmp_path / "docs")
    monkeypatch.setattr(translation, "DOCS", tmp_path / "docs")
    monkeypatch.setattr(translation, "ROOT", tmp_path)
    write(tmp_path, "en", "---\ntitle: Waiting\n---\n\n# Waiting\n\nA waits.\n")
    write(tmp_path, "ja", "---\ntitle: 待つ\ntranslates: 000000000000\n---\n\n# 待つ\n")
    git(tmp_path, "init", "-q")
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
    assert "now follows docs/en/page.md" in said(capsys, "accept", str(clone / "docs/ja/page.md"))
    assert translation.status() == [("current", "page.md")]
    assert "Nothing changed" in said(capsys, "diff", str(english))
    assert "is current already" in said(capsys, "accept", str(english))


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


def test_a_page_never_stamped_shows_all(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    japanese = write(clone, "ja", "---\ntitle: 待つ\ntranslates: 000000000000\n---\n\n# 待つ\n")
    assert "+A waits." in said(capsys, "diff", str(japanese))
