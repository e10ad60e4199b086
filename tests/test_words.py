"""docs/words.toml is whole: each word is said somewhere, each that is asked for is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from bs4 import BeautifulSoup
from mkdocs.config import load_config
from mkdocs.exceptions import BuildError

from runner import EXAMPLES, find_examples
from runner.settings import LAB
from tools import words
from tools.figures import charts, fork_cost, side_by_side
from tools.pages import DOCS, ROOT
from tools.site import hooks
from tools.site.lab_places import why_not
from tools.words import WordsError, place_of, read_words, say, table

BROWSER = "lab.browser."  # in front of what lab/web says
TEMPLATES = sorted((DOCS / "theme").rglob("*.html"))
LISTS = [DOCS / "theme" / name for name in ("feed.xml", "llms.txt")]
MODULES = sorted((ROOT / "lab/web").rglob("*.mjs"))
PYTHON = sorted(path for path in (ROOT / "tools").rglob("*.py") if path.name != "words.py")
SCRIPTS = sorted((DOCS / "assets/scripts").glob("*.js"))

SAY = re.compile(
    r"(?<!function )\bsay\("
    r'(?:\s*(?:"(?P<key>[\w.]+)"|(?:f"|`)(?P<start>[\w.]+\.)\$?\{[^"`]*["`])'
    r"(?:,\s*\{(?P<values>.*?)\}\))?)?",
    re.S,
)
TABLE = re.compile(r'\btable\("(?P<name>[\w.]+)"')
SPOKEN = ("alt", "aria-label", "placeholder", "title")  # attributes
JAPANESE = re.compile(r"[\u3041-\u3096\u4e00-\u9fff]")  # hiragana and kanji


class Call(NamedTuple):
    """Where a word is asked for, or with a key that ends in a dot any word below it."""

    place: str
    key: str
    values: set[str]  # the names of what a module of the lab fills in

    def means(self, key: str) -> bool:
        return key.startswith(self.key) if self.key.endswith(".") else key == self.key


def calls_in(text: str, place: str, below: str = "") -> Iterator[Call]:
    for found in SAY.finditer(text):
        line = text[: found.start()].count("\n") + 1
        at = f"{place}:{line}"
        written = found["key"] or found["start"]
        assert written, f"{at}: write the key, or its table, in the call: a search must find it"
        values = set(re.findall(r"(?:^|,)\s*(\w+)", found["values"] or ""))
        yield Call(at, below + written, values)
    for found in TABLE.finditer(text):
        yield Call(place, f"{found['name']}.", set())


def calls(paths: list[Path], below: str = "") -> list[Call]:
    return [
        call
        for path in paths
        for call in calls_in(path.read_text("utf-8"), str(path.relative_to(ROOT)), below)
    ]


def all_calls() -> list[Call]:
    handed_on = [call for call in calls([*TEMPLATES, *LISTS, *PYTHON]) if call.key != BROWSER]
    return handed_on + calls(MODULES, BROWSER)


def test_each_word_is_said_somewhere() -> None:
    asked = all_calls()
    unsaid = [
        f"{place_of(key)}: {key}"
        for key in read_words()
        if not any(call.means(key) for call in asked)
    ]
    assert unsaid == [], "nothing says these words: take them out"


def test_each_word_that_is_asked_for_is_there() -> None:
    lacking = [
        f"{call.place} asks for {call.key}"
        for call in all_calls()
        if not any(call.means(key) for key in read_words())
    ]
    assert lacking == [], "docs/words.toml does not have it: add it in both languages"


def test_the_lab_fills_each_place() -> None:
    """Elsewhere `say` itself sees to that."""
    for call in calls(MODULES, BROWSER):
        for key, word in read_words().items():
            if call.means(key):
                places = set(re.findall(r"\{(\w+)\}", word["en"]))
                assert places <= call.values, f"{call.place} does not fill {key}: {word['en']}"


def test_the_lab_knows_the_ends_of_its_keys() -> None:
    """Of those that it puts together."""
    written = "".join(path.read_text("utf-8") for path in MODULES)
    said = {call.key for call in calls(MODULES, BROWSER)}
    for call in calls(MODULES, BROWSER):
        for key in read_words().keys() - said:
            if call.means(key):
                end = f'"{key.removeprefix(call.key)}"'
                assert end in written, f"{place_of(key)}: {key}: lab/web never says {end}"


def test_a_call_is_found() -> None:
    text = (
        """say("a.b"), say(f"c.{d}", x), say(`e.${f(g)}`, { h, i: j(k) }), table("l.m"), say("n")"""
    )
    found = list(calls_in(text, "file"))
    assert [call.key for call in found] == ["a.b", "c.", "e.", "n", "l.m."]
    assert [call.values for call in found if call.values] == [{"h", "i"}]
    with pytest.raises(AssertionError, match="file:2: write the key"):
        list(calls_in('\nsay(f"{key}")', "file"))


# The keys of some tables are the names of other things.


def test_chapters_are_those_of_the_navigation() -> None:
    nav = load_config(str(ROOT / "mkdocs.yml")).nav or []
    chapters = {
        chapter: pages
        for entry in nav
        if isinstance(entry, dict)
        for chapter, pages in entry.items()
    }
    assert list(table("chapters", "en")) == list(chapters), (
        "[chapters] in docs/words.toml and nav in mkdocs.yml: the same chapters in the same order"
    )
    for chapter, pages in chapters.items():
        strange = [page for page in pages if not page.startswith(f"{chapter}/")]
        assert strange == [], f"mkdocs.yml: {chapter} has pages of another folder"
    assert load_config(str(ROOT / "mkdocs.ja.yml")).nav == nav, (
        "mkdocs.ja.yml has a nav of its own: take it out"
    )


def test_each_mark_has_its_style() -> None:
    marks = set(table("marks", "en"))
    style = (DOCS / "assets/stylesheets/prose.css").read_text("utf-8")
    own = re.findall(r"^\.(\w+) \{\s*--mark-color: [^}]*--mark-icon: ", style, re.M)
    assert set(own) == marks, "prose.css: each mark has a colour and an icon"
    for rule in re.findall(r":is\(([^)]*)\)", style):
        named = {name.strip(" .") for name in rule.split(",")}
        assert named.isdisjoint(marks) or named == marks, f"prose.css: :is({rule}) names some marks"


def test_each_reason_for_no_button_can_occur() -> None:
    seen = {reason for example in find_examples() if (reason := why_not(example))}
    said, occurring = set(table("lab.why_not", "en")), seen | set(LAB) - {"fresh"}
    wrong = [
        f"docs/words.toml: add lab.why_not.{reason}.en and .ja: LAB in runner/settings.py or an "
        "example has this reason"
        for reason in sorted(occurring - said)
    ] + [
        f"{place_of(f'lab.why_not.{reason}')}: lab.why_not.{reason} is the reason of no example, "
        "nor in LAB of runner/settings.py: take it out"
        for reason in sorted(said - occurring)
    ]
    assert not wrong, "\n".join(wrong)


def test_figures_have_the_names_that_are_translated() -> None:
    for name in ("labels", "rows"):
        strange = table(f"figures.fork_cost.{name}", "en").keys() - fork_cost.NAMES.keys()
        assert strange == set(), f"[figures.fork_cost.{name}] in docs/words.toml: no way to start"
    rows = charts.read(str(side_by_side.MEASUREMENT.path.relative_to(EXAMPLES))).milliseconds
    names = table("figures.side_by_side.names", "en").keys()
    assert names == rows.keys() | {column for row in rows.values() for column in row}, (
        "[figures.side_by_side.names] in docs/words.toml: not those of the record"
    )


# No word stands elsewhere.


def typed_in(template: str) -> list[str]:
    """What *template* says itself."""
    html = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template, flags=re.S)
    page = BeautifulSoup(html, "html.parser")
    for element in page.select("script, svg"):
        element.decompose()
    said = [str(tag[name]) for name in SPOKEN for tag in page.select(f"[{name}]")]
    return [text for text in (*page.stripped_strings, *said) if re.search(r"[^\W\d_]", text)]


def test_a_template_says_nothing_itself() -> None:
    assert typed_in('<p title="a">b {{ say("c") }}</p>{# d #}<i alt="{{ e }}">·</i>') == ["b", "a"]
    typed = {
        str(path.relative_to(ROOT)): texts
        for path in TEMPLATES
        if (texts := typed_in(path.read_text("utf-8")))
    }
    assert typed == {}, "put it into docs/words.toml, and say() it"


def test_no_code_speaks_japanese() -> None:
    """English words cannot be told from code; but where one is typed, so is the other."""
    drawing = [path for path in PYTHON if path.parent.name in ("diagrams", "figures", "site")]
    typed = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (*drawing, *MODULES, *SCRIPTS)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if JAPANESE.search(line)
    ]
    assert typed == [], "put it into docs/words.toml, and say() it"


# What is wrong with the file is said in one sentence.


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(words, "WORDS", tmp_path / "words.toml")
    read_words.cache_clear()
    yield tmp_path / "words.toml"
    read_words.cache_clear()


def test_a_word_is_said_in_each_language(data: Path) -> None:
    data.write_text('[t.s]\n"a b".en = "{n} of it"\n"a b".ja = "その {n} 個"\n', "utf-8")
    assert say("t.s.a b", "en", n=2) == "2 of it"
    assert say("t.s.a b", "ja", n=2) == "その 2 個"
    assert table("t", "ja") == {"s.a b": "その {n} 個"}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('a.en = "A"', '3: t.a: it says nothing in "ja"; write a.ja = "…"'),
        ('a.en = "A"\na.ja = 1', '3: t.a: it says nothing in "ja"; write a.ja = "…"'),
        ('a = "A"', "3: t.a: it is said in no language; write a.en and a.ja"),
        ('b.c = "A"', "3: t.b.c: it is said in no language; write c.en and c.ja"),
        ('a.en = "A"\na.ja = "Ａ"\na.fr = "A"', "3: t.a: fr is no language; it has a.en and a.ja"),
        ('a.en = "{n} A"\na.ja = "Ａ"', "3: t.a: its languages have different {places}"),
        ('a.en = "{n A"\na.ja = "Ａ"', "3: t.a: expected '}' before end of string; braces stand"),
        ("a.en = A", "is no TOML: Invalid value (at line 3,"),
    ],
)
def test_a_word_that_is_not_whole(data: Path, entry: str, message: str) -> None:
    data.write_text(f"# words\n[t]\n{entry}\n", "utf-8")
    with pytest.raises(WordsError) as raised:
        read_words()
    assert message in str(raised.value)
    assert str(raised.value).startswith("docs/words.toml")


def test_a_word_that_is_not_there(data: Path) -> None:
    data.write_text('[t]\na.en = "{n}"\na.ja = "{n}"\n', "utf-8")
    with pytest.raises(WordsError, match=r"^docs/words.toml has no t.b: add t.b.en and t.b.ja"):
        say("t.b", "en")
    with pytest.raises(WordsError, match=r"^docs/words.toml has no table \[u\]"):
        table("u", "en")
    with pytest.raises(WordsError, match=r"^docs/words.toml:2: t.a: nothing fills its place \{n\}"):
        say("t.a", "en")


def test_a_build_ends_with_that_sentence() -> None:
    with pytest.raises(BuildError, match="no such word"):
        hooks.on_build_error(WordsError("no such word"))
