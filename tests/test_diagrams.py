"""Diagrams say what their data says, in both languages, and bad data is named."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tools.diagrams import draw
from tools.pages import CODES, EXAMPLES

SVG = "{http://www.w3.org/2000/svg}"
KIND = 'kind = "descriptor table"\n'
ROWS = KIND + 'rows = """\nA fd=3 notes offset\nB fd=3 notes offset\nC zombie\n"""\n'
WORDS = 'left = "l"\nright = "r"\nA = "a"\nB = "b"\nC = "c"\nnotes = "n"\n'
TEXT = f"[text.en]\n{WORDS}[text.ja]\n{WORDS}"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(draw, "DATA", tmp_path)
    return tmp_path / "one.toml"


def words_of(svg: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


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


def test_rows_become_cells_and_lines(data: Path) -> None:
    data.write_text(
        f'{ROWS}unwanted = ["B 3"]\n{TEXT}'.replace('C = "c"', 'C = "c"\nunwanted = "u"')
    )
    drawn = draw.draw_all()
    assert words_of(drawn["one.en.svg"]) == [
        "l",
        "r",
        "a",
        "3",
        "b",
        "3",
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
        (f'{KIND}rows = """A fd=3 notes x\nB fd=3 notes y"""\n{TEXT}', "notes is both 'x' and 'y'"),
        (
            f'{KIND}rows = """A fd=3 notes x\nA zombie"""\n{TEXT}',
            "A has ended, and holds descriptors",
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
