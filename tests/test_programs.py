"""What a fence of a page becomes, and what is said of one that cannot be read."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from markdown import Markdown
from mkdocs.config import load_config
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page
from pymdownx.superfences import SuperFencesException

from runner import Example
from tools.pages import ROOT
from tools.site import messages, programs

CHILD = "processes/careful_child"
CODE, FORK, OUTPUT = f"{CHILD}.py:child", f"{CHILD}.py:start", f"{CHILD}.out"
PLACE = '<div class="lab">{name} {fences}</div>'

Convert = Callable[[str], Tag]


@pytest.fixture
def convert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Convert:
    """Convert the text of a page as the site does, with places that are easy to see."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(programs, "place_of", place_of)
    config = load_config("mkdocs.yml")

    def converted(text: str) -> Tag:
        (tmp_path / "page.md").write_text(text, "utf-8")
        page = Page(None, File("page.md", str(tmp_path), "site", True), config)
        own = {programs.EXTENSION: {"page": page, "config": config}}
        md = Markdown(
            extensions=[*config.markdown_extensions, *own],
            extension_configs={**config.mdx_configs, **own},
        )
        return BeautifulSoup(md.convert(text), "html.parser")

    return converted


def place_of(example: Example, fences: int, page: object, config: object) -> str:
    return PLACE.format(name=example.source.name, fences=fences)


def fence(shown: str, options: str = "", language: str = "python") -> str:
    title = "" if shown.endswith(".out") else f' title="{shown.partition(":")[0]}"'
    return f'```{language}{title}{options}\n--8<-- "{shown}"\n```\n\n'


def output(shown: str) -> str:
    return fence(shown, language="console")


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_the_last_fence_of_a_program_gets_its_place(
    convert: Convert, caplog: pytest.LogCaptureFixture
) -> None:
    html = convert(fence(CODE) + "Text.\n\n" + fence(FORK) + output(OUTPUT))
    first, last, printed = html.select("div.highlight")
    for part in (first, last):
        assert [name.get_text() for name in part.select(".filename")] == [f"{CHILD}.py"]
    assert first.select(".lab") == []
    assert [place.get_text() for place in last.select(":scope > .lab")] == ["careful_child.py 2"]
    assert printed["data-transcript"] == f"{CHILD}.py"
    assert {"language-console", "no-copy"} <= set(printed["class"])
    assert said(caplog) == []


@pytest.mark.parametrize(
    "opening",
    [
        f'```python title="{CHILD}.py" linenums="1"',
        f'```python hl_lines="2 3" title="{CHILD}.py"',
        f'``` {{ .python .other title="{CHILD}.py" linenums="3" }}',
        f'````{{.python title="{CHILD}.py" #id data-x="1"}}',
    ],
)
def test_whatever_else_a_fence_says_it_keeps_its_place(
    convert: Convert, caplog: pytest.LogCaptureFixture, opening: str
) -> None:
    ticks = opening[: opening.rindex("`") + 1]
    html = convert(f'{opening}\n--8<-- "{CHILD}.py"\n{ticks}\n\n{output(OUTPUT)}')
    (program,) = html.select(":has(> .lab)")
    assert "highlight" in program["class"]
    assert program.select(".filename")
    assert said(caplog) == []


def test_a_fence_is_read_wherever_it_stands(
    convert: Convert, caplog: pytest.LogCaptureFixture
) -> None:
    parts = (fence(CODE) + fence(FORK)).replace("\n", "\n    ").rstrip()
    html = convert(f'??? note "Folded"\n    {parts}\n\n<div markdown>\n{output(OUTPUT)}</div>\n')
    assert [len(part.select(".lab")) for part in html.select(".highlight")] == [0, 1, 0]
    folded = fence(CODE).replace("\n", "\n    ").rstrip()
    html = convert(f'??? note "Folded"\n\n    {folded}\n\n{fence(FORK)}{output(OUTPUT)}')
    assert [place.get_text() for place in html.select(".lab")] == ["careful_child.py 2"]
    assert not html.select("details .lab")
    assert [part["data-transcript"] for part in html.select(".no-copy")] == [f"{CHILD}.py"]
    indented = (fence(FORK) + output(OUTPUT)).replace("\n", "\n     ")
    html = convert(f"Text.\n\n     {indented}")
    assert [len(part.select(".lab")) for part in html.select(".highlight")] == [1, 0]
    assert said(caplog) == []


def test_a_file_that_serves_a_program_needs_no_output(
    convert: Convert, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "find_examples", list)
    html = convert(fence(FORK))
    assert html.select(".filename")
    assert not html.select(".lab")
    assert said(caplog) == []


def test_the_exit_status_stands_out(convert: Convert) -> None:
    html = convert(fence("how-to-read/crashes.py") + output("how-to-read/crashes.out"))
    assert [status.get_text() for status in html.select(".exit-status")] == ["? SIGKILL"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            fence(FORK, " linenums") + output(OUTPUT),
            f'page.md:2: --8<-- "{FORK}" is not alone in a fence that Markdown can read',
        ),
        (f'--8<-- "{FORK}"\n', f'page.md:1: --8<-- "{FORK}" is not alone in a fence'),
        (
            f'```python\nimport os\n--8<-- "{FORK}"\n```\n',
            f'page.md:3: --8<-- "{FORK}" is not alone in a fence',
        ),
        (
            f'```python\n--8<-- "{FORK}"\n```\n{output(OUTPUT)}',
            f'page.md:2: this fence shows {CHILD}.py, so it needs title="{CHILD}.py"',
        ),
        (
            '```python title="a/b.py"\nimport os\n```\n',
            'page.md:1: title="a/b.py" is for a program of examples/, and this fence includes none',
        ),
        (
            f"Text.\n\n{fence(FORK)}",
            f"page.md:4: {CHILD}.py has no output below it. Show it in a console fence:"
            f' --8<-- "{CHILD}.out"',
        ),
        (output(OUTPUT) + fence(FORK), f"page.md:2: {OUTPUT} must stand below its program"),
        (fence("nowhere.py"), "page.md:2: Snippet at path 'nowhere.py' could not be found"),
        (
            fence(f"{CHILD}.py:nothing"),
            "page.md:2: Snippet section 'nothing' could not be located",
        ),
    ],
)
def test_what_cannot_be_read_is_named(
    convert: Convert, caplog: pytest.LogCaptureFixture, text: str, message: str
) -> None:
    convert(text)
    assert message in "\n".join(said(caplog))


def test_a_fault_of_our_own_is_not_taken_for_text(
    convert: Convert, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Superfences read on as if there were no fence where a formatter raises anything else."""
    monkeypatch.setattr(programs, "EXAMPLES", "x")
    with pytest.raises(SuperFencesException, match=r"page\.md: unsupported operand"):
        convert(fence(FORK))
