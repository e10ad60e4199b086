"""Timelines show what programs printed, in the order in which it happened; bad data is named."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path

import pytest

from tests.support.drawings import SVG, words_of
from tools.diagrams import draw
from tools.pages import CODES, EXAMPLES

ROWS = """
A starts
A forks B fork()
B waits os.read()
A signals B SIGCONT
B exits works
B stays rests
A reaps B SIGNAL
"""
WORDS = 'A = "a"\nB = "b"\nworks = "w"\nrests = "r"\n'
TEXT = f"[text.en]\n{WORDS}[text.ja]\n{WORDS}"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(draw, "DATA", tmp_path)
    return tmp_path / "one.toml"


def written(rows: str = ROWS, text: str = TEXT) -> str:
    return f'kind = "timeline"\nrows = """{rows}"""\n{text}'


def drawing(name: str, language: str = "en") -> str:
    return draw.draw_all()[f"{name}.{language}.svg"]


def columns_of(svg: str) -> list[list[str]]:
    """What stands below each other, from left to right."""
    columns = defaultdict(list)
    for text in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        columns[float(text.attrib["x"])].append((float(text.attrib["y"]), text.text or ""))
    return [[word for _, word in sorted(columns[x])] for x in sorted(columns)]


def dashes_of(svg: str) -> set[str]:
    return set(re.findall(r"stroke-dasharray:([\d ]+)", svg))


# The drawings of the site


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("transcript", ["hook_order.out", "atfork_order.out"])
def test_hooks_are_drawn_in_the_order_in_which_they_ran(transcript: str, language: str) -> None:
    lines = (EXAMPLES / "hooks" / transcript).read_text("utf-8").splitlines()
    ran = {line.split(":")[0]: re.findall(r"\w+ [AB]", line) for line in lines[1:]}
    parent, child = columns_of(drawing("hooks-around-a-fork", language))
    hooks = [[word.replace("after_in_", "") for word in words if re.fullmatch(r"\w+ [AB]", word)]
             for words in (parent, child)]  # fmt: skip
    before = [word for word in hooks[0] if word.startswith("before")]
    assert parent.index("before A") < parent.index("fork()") < parent.index("after_in_parent A")
    assert hooks[0] == ran["parent"]
    assert before + hooks[1] == ran["child"]


@pytest.mark.parametrize("language", CODES)
def test_both_go_on_with_what_fork_returned(language: str) -> None:
    printed = (EXAMPLES / "processes/two_returns.out").read_text("utf-8")
    returned = re.findall(
        r"(parent|child): fork\(\) returned (?:pid=)?(\d+), answers=(.+)", printed
    )
    ends = {process: [f"pid = {pid}", f"answers = {answers}"] for process, pid, answers in returned}
    parent, child = columns_of(drawing("the-split", language))
    assert parent[parent.index("pid = os.fork()") + 1 :] == ends["parent"]
    assert [word for word in child if " = " in word] == ends["child"]
    assert f"pid {ends['parent'][0].split()[-1]}" in child


def test_a_zombie_is_one_until_its_parent_has_waited() -> None:
    printed = (EXAMPLES / "processes/zombies.out").read_text("utf-8")
    assert re.search(r"pid=(\d+)\b.* zombie\n(?s:.*)exit code(?s:.*)pid=\1\b.*False", printed)
    svg = drawing("a-zombie-until-waitpid")
    words = words_of(svg)
    order = [
        words.index(word) for word in ("exits", "zombie:", "exit status", "gone, the pid is free")
    ]
    assert order == sorted(order)
    assert dashes_of(svg) == {"2 4"}


def test_the_child_of_the_lock_waits_forever() -> None:
    printed = (EXAMPLES / "locks/lock_at_fork.out").read_text("utf-8")
    assert "child: wants the lock" in printed
    assert "child: has the lock" not in printed
    svg = drawing("a-lock-across-a-fork")
    *_, main, _, lock = columns_of(svg)
    assert main[-4:] == ["wants", "the lock", "waits", "forever"]
    assert lock == ["no worker", "copy:", "locked"]
    assert dashes_of(svg) == {"6 4", "4 3"}, "a wait, and a lock without its thread"


# Any drawing


def test_rows_become_lines(data: Path) -> None:
    data.write_text(written())
    svg = drawing("one")
    assert words_of(svg) == [
        "a", "fork()", "b", "os.read()", "SIGCONT", "w", "r", "SIGNAL",
    ]  # fmt: skip
    assert dashes_of(svg) == {"6 4", "2 4"}, "a wait and a zombie"
    assert drawing("one") == svg


def test_threads_stand_in_the_frame_of_their_process(data: Path) -> None:
    rows = "A.x starts ; A.y starts\nA.y takes works\nA.y forks B fork()\nA.y releases rests"
    text = TEXT.replace('A = "a"\n', 'A = "a"\n"A.x" = "x"\n"A.y" = "y"\n')
    data.write_text(written(rows, text))
    svg = drawing("one")
    assert columns_of(svg) == [["x"], ["a"], ["y", "w", "fork()", "r"], ["b"]]
    assert svg.count("var(--diagram-line,") == 1, "one frame"
    assert 'width="10"' in svg, "the bar"


def test_a_wait_ends_when_the_child_is_reaped(data: Path) -> None:
    data.write_text(written(ROWS.replace("A signals B SIGCONT", "A waits os.wait()")))
    svg = drawing("one")
    until = re.findall(r'd="M97 [\d.]+V([\d.]+)" [^>]*:6 4', svg)
    reaped = re.findall(r'd="M\d+ ([\d.]+)H100"', svg)
    assert until == reaped != []


def test_what_execs_is_drawn_double(data: Path) -> None:
    data.write_text(written("A starts\nA does works\nA stays rests", TEXT.replace('B = "b"\n', "")))
    before = drawing("one").count("<path")
    data.write_text(data.read_text().replace("does", "execs"))
    assert drawing("one").count("<path") > before


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("A", "'A': write <line> <verb> …, with one of starts, inherits, does"),
        ("A dances works", "'A dances works': write <line> <verb> …, with one of"),
        ("A does", "'A does': write what after 'does'"),
        ("A signals B", "'A signals B': write another line, and what, after 'signals'"),
        ("C starts works", "'C starts works': write nothing after 'starts'"),
        ("C does works", "C is not there yet: let it start, or another fork it, in a row above"),
        ("A forks B fork()", "B is there already: choose another name"),
        ("A reaps B works", "B must exit in a row above, and be reaped once"),
        ("B exits works\nB does rests", "'B does rests': B has ended: move this row above its end"),
        ("A releases works", "'A releases works': it must take a lock before"),
        ("A takes works\nA takes rests", "'A takes rests': it must release a lock before"),
        (
            "A does exit(9)",
            "'exit(9)' has the number 9, which no program printed: draw a transcript",
        ),
        ("A does os.waitpid(pid, options)", "'`os.waitpid(pid, options)`' is"),
    ],
)
def test_a_bad_row_is_named_with_its_line(data: Path, row: str, message: str) -> None:
    data.write_text(written(f"A starts\nA forks B fork()\nA stays works ; B stays rests\n{row}"))
    with pytest.raises(ValueError, match=r"one\.toml") as caught:
        draw.draw_all()
    line = 6 if "\n" in row else 5
    assert f"one.toml:{line}: " in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('kind = "timeline"\n' + TEXT, "one.toml: rows: there are none"),
        (f"colour = 1\n{written()}", "one.toml: colour: unknown key"),
        (f'transcript = "nowhere.out"\n{written()}', "nowhere.out"),
        (written(text=f"[text.en]\n{WORDS}"), "text.ja: no such table"),
        (written(text=TEXT.replace('B = "b"\n', "", 1)), "text.en: no 'B'"),
        (written(text=f'{TEXT}D = "d"\n'), "text: nothing is called 'D'"),
        (written(text=TEXT.replace('"w"', '"w 7"', 1)), "one.toml:14: 'w 7' has the number 7"),
        (
            written(text=TEXT.replace('"r"', f'"{"r" * 40}"', 1)),
            "wide, and its place 150: say it shorter, or in two lines",
        ),
    ],
)
def test_bad_data_is_named(data: Path, text: str, message: str) -> None:
    data.write_text(text)
    with pytest.raises(ValueError, match=r"one\.toml") as caught:
        draw.draw_all()
    assert message in str(caught.value)
