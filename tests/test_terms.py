"""docs/terms.toml is whole, and the first use of a term leads to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tools.pages import CODES, Page
from tools.site import terms
from tools.site.terms import Term, link_first_uses, read_terms, spellings

SENTENCES = {"en": re.compile(r"[.!?](?:\s|$)"), "ja": re.compile(r"。")}
ENTRY = 'en = "zombie"\nja = "ゾンビ"\npage = "x.md"\ndefine.en = "E."\ndefine.ja = "J。"\n'

each_term = pytest.mark.parametrize("term", read_terms(), ids=lambda term: term.id)


@each_term
def test_a_definition_is_short(term: Term) -> None:
    for language in CODES:
        count = len(SENTENCES[language].findall(term.definition[language]))
        assert 1 <= count <= 3, f"{term.id}, {language}: {count} sentences"


@each_term
def test_the_page_that_explains_a_term_exists(term: Term) -> None:
    name, _, fragment = term.page.partition("#")
    for language in CODES:
        page = Page(language, name)
        assert page.path.is_file(), f"{term.id}: there is no {page.path}"
        ids = [heading for _, _, heading in page.headings]
        assert not fragment or fragment in ids, f"{term.id}: {name} has no #{fragment}"


def test_a_form_belongs_to_one_term() -> None:
    for language in CODES:
        forms = Counter(form.lower() for term in read_terms() for form in term.forms[language])
        assert [form for form, count in forms.items() if count > 1] == []


def test_nothing_right_is_called_wrong() -> None:
    right = {form for term in read_terms() for form in term.forms["ja"]} | spellings().keys()
    for wrong in (form for forms in spellings().values() for form in forms):
        assert wrong not in right, wrong


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(terms, "TERMS", tmp_path / "terms.toml")
    read_terms.cache_clear()
    yield tmp_path / "terms.toml"
    read_terms.cache_clear()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ENTRY.replace('define.ja = "J。"\n', ""), r"terms\.toml: x\.zombie: no define\.ja"),
        (ENTRY.replace('en = "zombie"\n', "", 1), r"terms\.toml: x\.zombie: no en"),
        (ENTRY.replace('"x.md"', '""'), r"terms\.toml: x\.zombie: no page"),
        (f"{ENTRY}link = false\n", r"terms\.toml: x\.zombie: link is no key"),
        (f"{ENTRY}[y.zombie]\n{ENTRY}", r"terms\.toml: zombie: there are two of this id"),
    ],
)
def test_a_bad_entry_is_named(data: Path, text: str, message: str) -> None:
    data.write_text(f"[x.zombie]\n{text}", "utf-8")
    with pytest.raises(ValueError, match=message):
        read_terms()


def linked(html: str, language: str = "en", name: str = "processes/leaving.md") -> str:
    """*html* as it goes to the reader, with the links to the glossary as [word](id)."""
    page: Any = SimpleNamespace(
        file=SimpleNamespace(src_uri=name), url=f"{name.removesuffix('.md')}/"
    )
    config: Any = SimpleNamespace(theme={"language": language})
    done = link_first_uses(html, page, config)
    return re.sub(
        r'<a class="term" href="\.\./\.\./reference/glossary/#([\w-]+)">(.*?)</a>',
        r"[\2](\1)",
        done,
        flags=re.S,
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>A zombie, a zombie.</p>", "<p>A [zombie](zombie), a zombie.</p>"),
        (
            "<p>Zombies. An open\nfile description.</p>",
            "<p>[Zombies](zombie). An [open\nfile description](open-file-description).</p>",
        ),
        ("<p>A <em>zombie</em>.</p>", "<p>A <em>[zombie](zombie)</em>.</p>"),
        ("<h2>A zombie</h2><p>A zombie.</p>", "<h2>A zombie</h2><p>A [zombie](zombie).</p>"),
        (
            "<h2>x</h2>\n<ol><li>A zombie.</li></ol>",
            "<h2>x</h2>\n<ol><li>A [zombie](zombie).</li></ol>",
        ),
    ],
)
def test_the_first_use_is_linked(html: str, expected: str) -> None:
    assert linked(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<p><code>zombie</code></p>",
        '<p><a href="../">A <em>zombie</em></a></p>',
        "<pre>zombie</pre>",
        "<h3>zombie</h3>",
        "<details><summary>zombie</summary><p>zombie</p></details>",
        "<figure><svg><text>zombie</text></svg></figure>",
        '<div class="doors"><ul><li>zombie</li></ul></div>',
        '<div class="highlight"><pre>x</pre></div>\n<ol><li>zombie</li></ol>',
        '<div class="language-c highlight"><div>x</div></div>\n<ol><li>zombie</li></ol>',
        '<div class="lab" data-search-exclude="1"><p>zombie</p></div>',
        '<p>anti-zombie, zombie-like, zombified, <img alt="zombie"></p>',
        '<p>A <a href="../../reference/glossary/#zombie">dead one</a>, a zombie.</p>',
    ],
)
def test_what_is_not_linked(html: str) -> None:
    assert linked(html) == html


def test_after_what_is_left_out_the_text_goes_on() -> None:
    for left_out in (
        '<div class="doors"><div>zombie</div></div>',
        '<div class="highlight">x</div>',
    ):
        html = f"{left_out}<p>A zombie.</p><ol><li>x</li></ol>"
        assert linked(html) == html.replace("A zombie", "A [zombie](zombie)")


def test_a_japanese_word_is_found_without_spaces() -> None:
    html = "<p>デッドロックとゾンビが残ります。ゲートウェイ、GCC、ゲート。</p>"
    assert linked(html, "ja") == (
        "<p>[デッドロック](deadlock)と[ゾンビ](zombie)が残ります。ゲートウェイ、GCC、[ゲート](gate)。</p>"
    )


def test_the_glossary_does_not_link_to_itself() -> None:
    assert linked("<p>A zombie.</p>", name=terms.GLOSSARY) == "<p>A zombie.</p>"
