"""Diagrams say what their data says, in both languages, and bad data is named."""

from __future__ import annotations

import re
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.support.drawings import words_of
from tools.diagrams import draw
from tools.pages import CODES, EXAMPLES, ROOT, find_pages

# What a label calls by name is called so in each language.
NAMES = re.compile(r"`[^`]+`|(?<![A-Za-z0-9])(?:[A-Z]+|\d+|\w+\(\))(?![A-Za-z0-9])")
KIND = 'kind = "descriptor table"\n'
ROWS = KIND + 'rows = """\nA fd=n notes offset\nB fd=n notes offset\nC zombie\n"""\n'
WORDS = 'left = "l"\nright = "r"\nA = "a"\nB = "b"\nC = "c"\nnotes = "n"\n'
TEXT = f"[text.en]\n{WORDS}[text.ja]\n{WORDS}"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(draw, "DATA", tmp_path)
    return tmp_path / "one.toml"


def test_every_diagram_of_the_site_is_drawn_in_both_languages() -> None:
    names = {path.stem for path in draw.DATA.glob("*.toml")}
    drawn = draw.draw_all()
    assert drawn.keys() == {f"{name}.{code}.svg" for name in names for code in CODES}
    for svg in drawn.values():
        drawing = ElementTree.fromstring(svg)
        assert "<style" not in svg
        assert float(drawing.attrib["width"]) <= 360, "wider than a phone"


def test_the_picture_of_the_leak_is_its_transcript() -> None:
    """Every descriptor of every process that the program saw is in the picture, and no other."""
    transcript = (EXAMPLES / "descriptors/echo_leak.out").read_text("utf-8")
    moment = transcript.split("-- both")[0]
    descriptors = [line.split("fd=")[1].split()[0] for line in moment.splitlines() if "fd=" in line]
    words = words_of(draw.draw_all()["the-parent-keeps-the-socket.en.svg"])
    assert [word for word in words if word.isdigit()] == descriptors


@pytest.mark.parametrize("data", sorted(draw.DATA.glob("*.toml")), ids=lambda path: path.stem)
def test_a_page_shows_what_its_picture_was_drawn_from(data: Path) -> None:
    transcript = tomllib.loads(data.read_text("utf-8")).get("transcript")
    for page in (page for code in CODES for page in find_pages(code)):
        if transcript and f"diagrams/{data.stem}.{page.language}.svg" in page.text:
            shown = [fence.include.path for fence in page.fences if fence.include]
            assert transcript in shown, f"{page.id}: {data.name} draws {transcript}: show it, too"


@pytest.mark.parametrize("data", sorted(draw.DATA.glob("*.toml")), ids=lambda path: path.stem)
def test_a_label_names_the_same_in_each_language(data: Path) -> None:
    written = data.read_text("utf-8")
    text = tomllib.loads(written)["text"]
    found = [
        f"{data.relative_to(ROOT)}:{written.partition(twin)[0].count(chr(10)) + 1}: {twin!r} does "
        f"not name {name}, but {key} of text.en is {said!r}: were two labels exchanged?"
        for key, twin in text["ja"].items()
        for said in [text["en"][key]]
        for name in unnamed(said, twin)
    ]
    assert not found, "\n".join(found)


def unnamed(said: str, twin: str) -> list[str]:
    return sorted(set(NAMES.findall(said)) - set(NAMES.findall(twin)))


@pytest.mark.parametrize(
    ("said", "twin", "names"),
    [
        ("socket to client A", "A とのソケット", []),
        ("socket to client A", "Bとのソケット", ["A"]),
        ("child 1", "子 2", ["1"]),
        ("after `fork()`", "`exec()` のあと", ["`fork()`"]),
        ("one session", "セッションは 1 つ", []),
    ],
)
def test_a_name_that_is_not_in_the_other_language(said: str, twin: str, names: list[str]) -> None:
    assert unnamed(said, twin) == names


def test_rows_become_cells_and_lines(data: Path) -> None:
    data.write_text(
        f'{ROWS}unwanted = ["B n"]\n{TEXT}'.replace('C = "c"', 'C = "c"\nunwanted = "u"')
    )
    drawn = draw.draw_all()
    assert words_of(drawn["one.en.svg"]) == [
        "l",
        "r",
        "a",
        "n",
        "b",
        "n",
        "c",
        "zombie",
        "n",
        "offset",
        "u",
    ]
    dashed = drawn["one.en.svg"].count("stroke-dasharray:5 4")
    assert dashed == 3, "the cell, its line and the legend"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rows = ", "one.toml: Invalid value"),
        (f'kind = "table"\n{TEXT}', "kind: 'table' is none of descriptor table, memory pages"),
        (KIND + TEXT, "rows: give either rows or transcript"),
        (f'{ROWS}transcript = "x.out"\n{TEXT}', "rows: give either rows or transcript"),
        (f'{KIND}transcript = "nowhere.out"\n{TEXT}', "nowhere.out"),
        (f'moment = "never"\n{ROWS}{TEXT}', "moment: no line '-- never'"),
        (f"colour = 1\n{ROWS}{TEXT}", "colour: unknown key"),
        (f'{KIND}rows = "A holds 3"\n{TEXT}', "rows: not a row: 'A holds 3'"),
        (f'{KIND}rows = "A zombie"\n{TEXT}', "rows: nobody holds a descriptor"),
        (f'{KIND}rows = """A fd=n notes x\nB fd=n notes y"""\n{TEXT}', "notes is both 'x' and 'y'"),
        (
            f'{KIND}rows = """A fd=n notes x\nA zombie"""\n{TEXT}',
            "A has ended, and holds descriptors",
        ),
        (
            f'{KIND}rows = "A fd=4 notes x"\n{TEXT}',
            "rows: 'A fd=4 notes x' has a number that no program printed: draw the transcript",
        ),
        (f'unwanted = ["A 9"]\n{ROWS}{TEXT}', "unwanted: no process holds 'A 9'"),
        (f"{ROWS}[text.en]\n{WORDS}", "text.ja: no such table"),
        (ROWS + TEXT.replace('B = "b"\n', "", 1), "text.en: no 'B'"),
        (ROWS + TEXT + 'D = "d"\n', "text: nothing is called 'D'"),
    ],
)
def test_bad_data_is_named(data: Path, text: str, message: str) -> None:
    data.write_text(text)
    with pytest.raises(ValueError, match=r"one\.toml") as caught:
        draw.draw_all()
    assert message in str(caught.value)
