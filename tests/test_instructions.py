"""What README and the pages about contributing tell people to type, and where to look, exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commands import PATH, wrong_in
from tools.pages import ROOT

INSTRUCTIONS = [
    path
    for pattern in ("*.md", "docs/*/contributing.md", ".github/**/*.md", ".github/**/[1-9]-*.yml")
    for path in sorted(ROOT.glob(pattern))
]
CODE = re.compile(r"`([^`]+)`")
FENCE = re.compile(r"^ *```(\w*)")
RULE = re.compile(r"^([^\s:=.#][^:=#]*):(?!=)")
NAMES = re.compile(r"slug\.|[A-Z]+\.md$")  # stand for a name, or for a file of GitHub's


@pytest.mark.parametrize("path", INSTRUCTIONS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_it_tells_to_type_exists(path: Path) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{n}: {message}"
        for n, message in wrong_instructions(path.read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


def wrong_instructions(text: str) -> Iterator[tuple[int, str]]:
    """(line, message) of commands and paths that do not exist, in fences and in inline code."""
    language: str | None = None
    for n, line in enumerate(text.splitlines(), 1):
        if fence := FENCE.match(line):
            language = fence[1] if language is None else None
        elif language == "sh":
            yield from ((n, message) for message in wrong_in(line))
        elif language is None:
            for code in CODE.findall(line):
                yield from ((n, message) for message in wrong_in(code))
                is_path = PATH.fullmatch(code) and "/" not in code and not NAMES.match(code)
                if is_path and not (ROOT / code).exists():
                    yield n, f"there is no {code}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("```sh\nmake everything\n```", "the Makefile has no target everything; `make help`"),
        ("```sh\nmake serve PORT=1  # fast\n```", "the Makefile uses no variable PORT"),
        ("Run `make tests`.", "the Makefile has no target tests"),
        ("`python -m tools.translation diff`", "there is no module tools.translation"),
        ("`python -m tools.commands.translation show PAGE`", "translation has no command show; it"),
        ("`.venv/bin/python -m runner --again x`", "python -m runner has no option --again"),
        ("`python -m tools.commands.translation accept --so x`", "has no option --so"),
        ("`python -m pytest --fast`", "python -m pytest has no option --fast"),
        ("`npm run lint`", "package.json has no script lint; `make help` lists what can be done"),
        ("```sh\nnpm test\n```", "package.json has no script test"),
        ("`pip install -r requirements.txt`", "there is no requirements.txt; what each set of"),
        ("`.venv/bin/python -m pip install --requirement=a.txt`", "there is no a.txt"),
        ("Look into `docs/words/`.", "there is no docs/words/"),
        ("See `setup.toml`.", "there is no setup.toml"),
        ("```sh\npython -m runner examples/nowhere.py\n```", "there is no examples/nowhere.py"),
    ],
)
def test_what_does_not_exist_is_seen(text: str, message: str) -> None:
    found = [said for _, said in wrong_instructions(text)]
    assert any(message in said for said in found), found


@pytest.mark.parametrize(
    "text",
    [
        "```sh\nmake test && make serve ADDRESS=127.0.0.1:8001  # both\n```",
        "`CI=1 make .venv/.site PYTHON=python`",
        "`examples/<chapter>/<slug>.py`, `slug.toml`",
        "`python -m runner --repeat 50 examples/descriptors/echo_leak.py`",
        "`npm ci`, `pip install -r requirements/site.txt`, `npm run`",
        "`python -m http.server --bind 127.0.0.1`",
        "```console\nmake nothing\n```",
    ],
)
def test_what_exists_is_fine(text: str) -> None:
    assert list(wrong_instructions(text)) == []


def test_every_target_of_the_makefile_is_phony_or_a_file() -> None:
    found = list(wrong_phony((ROOT / "Makefile").read_text("utf-8")))
    assert not found, "\n".join(found)


def wrong_phony(makefile: str) -> Iterator[str]:
    """Names in .PHONY without a rule, and rules that make no file and are not in .PHONY."""
    lines = list(enumerate(makefile.splitlines(), 1))
    rules = {name: n for n, line in lines if (rule := RULE.match(line)) for name in rule[1].split()}
    phony = {
        name: n for n, line in lines if line.startswith(".PHONY:") for name in line.split()[1:]
    }
    for name in phony.keys() - rules.keys():
        yield f"Makefile:{phony[name]}: .PHONY names {name}, which has no rule: write or remove it"
    for name in rules.keys() - phony.keys():
        if re.fullmatch(r"[\w-]+", name):
            yield (
                f"Makefile:{rules[name]}: a file called {name} would keep `make {name}` from doing "
                "anything: add it to .PHONY"
            )


@pytest.mark.parametrize(
    ("makefile", "message"),
    [
        (".PHONY: a b\n\na: c ## do it\n", "Makefile:1: .PHONY names b, which has no rule"),
        (".PHONY: a\n\na b: c\n", "Makefile:3: a file called b would keep `make b` from doing"),
        (".PHONY: a\n\na: X := 1\n\n$(B): c\n\nc/d: e\n\tf: g\n", ""),
    ],
)
def test_a_target_that_is_not_phony_is_seen(makefile: str, message: str) -> None:
    found = list(wrong_phony(makefile))
    assert any(message in said for said in found) if message else not found, found
