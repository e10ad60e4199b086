"""Page maps fill as many cells as the transcript counts pages, and bad data is named."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.support.drawings import SVG, words_of
from tools.diagrams import draw, memory_pages
from tools.pages import CODES, EXAMPLES

ROWS = (
    "$ python x.py\nthe child   own  shared  pss\nreads   0  128  64.0\nwrites 3    3  125  65.5\n"
)
DATA = 'kind = "memory pages"\ntranscript = "x.out"\npanels = ["reads", "writes 3"]\n'
WORDS = 'own = "o"\nshared = "s"\nreads = "r"\n"writes 3" = "w"\n'
LEGEND = [16, 0]
TEXT = f"[text.en]\n{WORDS}[text.ja]\n{WORDS}"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(draw, "DATA", tmp_path)
    monkeypatch.setattr(memory_pages, "EXAMPLES", tmp_path)
    (tmp_path / "x.out").write_text(ROWS)
    return tmp_path / "one.toml"


def cells_filled(svg: str) -> list[float]:
    """For each panel its filled area, in cells; the last two are the legend."""
    paths = [path.attrib for path in ElementTree.fromstring(svg).iter(f"{SVG}path")]
    return [
        sum(float(w) * float(h) for w, h in re.findall(r"h([\d.]+)v([\d.]+)", path["d"])) / 2.5**2
        for path in paths
        if "diagram-accent" in path["style"]
    ]


def test_the_cells_of_the_site_are_those_of_the_transcript() -> None:
    transcript = (EXAMPLES / "memory/page_by_page.out").read_text("utf-8")
    own = {line[:22].strip(): line.split()[-3] for line in transcript.splitlines()[2:]}
    drawn = draw.draw_all()
    for language in CODES:
        svg = drawn[f"page-by-page.{language}.svg"]
        figures = [word for word in words_of(svg) if word.isdigit()]
        assert figures == [own["reads 4096"], own["writes 10"], own["writes 100"], "1000"]
        assert cells_filled(svg) == [*map(int, figures), *LEGEND]


def test_a_row_becomes_a_panel(data: Path) -> None:
    data.write_text(DATA + TEXT)
    drawn = draw.draw_all()
    assert drawn.keys() == {"one.en.svg", "one.ja.svg"}
    assert words_of(drawn["one.en.svg"]) == ["r", "0", "w", "3", "o", "s"]
    assert cells_filled(drawn["one.en.svg"]) == [0, 3, *LEGEND]


@pytest.mark.parametrize("pages", [0, 1, 63, 64, 65, 128])
def test_as_many_cells_as_pages(data: Path, pages: int) -> None:
    (data.parent / "x.out").write_text(ROWS.replace("3    3  125", f"3   {pages}  {128 - pages}"))
    data.write_text(DATA + TEXT)
    assert cells_filled(draw.draw_all()["one.en.svg"]) == [0, pages, *LEGEND]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (DATA.replace("x.out", "nowhere.out") + TEXT, "nowhere.out"),
        (DATA.replace('"writes 3"]', '"writes 4"]') + TEXT, "panels: no row 'writes 4' in x.out"),
        (DATA.replace('["reads", "writes 3"]', "[]") + TEXT, "panels: not all of one size"),
        (DATA.replace('["reads", "writes 3"]', "1") + TEXT, "panels: missing, or not of its type"),
        (f'kind = "memory pages"\n{TEXT}', "transcript: missing"),
        (f"colour = 1\n{DATA}{TEXT}", "colour: unknown key"),
        (f"{DATA}[text.en]\n{WORDS}", "text.ja: no such table"),
        (DATA + TEXT.replace('own = "o"\n', "", 1), "text.en: no 'own'"),
        (DATA + TEXT + 'D = "d"\n', "text: nothing is called 'D'"),
    ],
)
def test_bad_data_is_named(data: Path, text: str, message: str) -> None:
    data.write_text(text)
    with pytest.raises(ValueError, match=r"one\.toml") as caught:
        draw.draw_all()
    assert message in str(caught.value)


def test_panels_of_two_sizes_are_refused(data: Path) -> None:
    (data.parent / "x.out").write_text(ROWS.replace("125", "61"))
    data.write_text(DATA + TEXT)
    with pytest.raises(ValueError, match="not all of one size"):
        draw.draw_all()
