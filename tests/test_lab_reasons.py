"""Which examples the lab cannot run is held where no image of it was built, too."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from runner import Example, find_examples
from runner.settings import LAB, line_of_setting
from tools.site.lab_places import why_not

RECORD = Path(__file__).with_name("lab-reasons.toml")
RECORDED: dict[str, list[str]] = tomllib.loads(RECORD.read_text("utf-8"))
FOUND = {example: reason for reason, examples in RECORDED.items() for example in examples}


@pytest.mark.parametrize("example", find_examples(), ids=lambda example: example.id)
def test_the_lab_is_told_what_was_found_there(example: Example) -> None:
    said, found = (reason or "nothing" for reason in (example.settings.lab, FOUND.get(example.id)))
    if said != found:
        line = line_of_setting("lab", example.settings_file)
        pytest.fail(
            f"{example.shown.with_suffix('.toml')}:{line}: lab says {said}, but `make test-lab` "
            f"found {found}: put that back. Where the program has changed, see by `make test-lab` "
            f"whether {said} holds; if so, write it into tests/{RECORD.name}, too",
            pytrace=False,
        )


def test_the_record_names_reasons_and_examples() -> None:
    unknown = sorted(RECORDED.keys() - set(LAB))
    assert not unknown, (
        f"tests/{RECORD.name}: {unknown}: a reason is added to LAB in runner/settings.py, "
        "and its words to [lab.why_not] in docs/words.toml"
    )
    assert FOUND.keys() <= {example.id for example in find_examples()}, "no such example"


@pytest.mark.parametrize(
    ("id", "reason"),
    [
        ("locks/locked_at_fork", "compiler"),
        ("descriptors/one_session", "server"),
        ("locks/busy_lookups", "namespaces"),
    ],
)
def test_a_program_says_what_the_lab_lacks(id: str, reason: str) -> None:
    assert why_not(next(example for example in find_examples() if example.id == id)) == reason
