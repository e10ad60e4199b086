"""Pythons that print different things: whose transcript is whose, who checks it, who shows it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from lab.image.steps import NotHereError
from runner import PYTHONS, Example, Version, every, find_examples, judge, name_of, transcript_of
from runner.every import DIFFERS, LEFT_OUT, SAME, WRITTEN, Outcome
from tools.commands import pythons
from tools.pages import ROOT
from tools.setup import other_pythons
from tools.site.transcripts import outputs_of, python_of_the_lab

OLDEST, NEWEST = PYTHONS[0], PYTHONS[-1]


@pytest.fixture
def example(tmp_path: Path) -> Example:
    """An example that prints "three", and transcripts of two Pythons that do not."""
    source = tmp_path / "chapter" / "counts.py"
    source.parent.mkdir()
    source.write_text('print("three")\n')
    for name, text in (("counts.out", "one"), ("counts.3.13.out", "two")):
        source.with_name(name).write_text(f"$ python counts.py\n{text}\n")
    return Example(source)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[Version], None]:
    """Let the runner take the Python that runs this for another one."""
    return lambda version: monkeypatch.setattr("runner.example.HERE", version)


def transcripts_in(example: Example) -> dict[str, str]:
    """The last line of each transcript."""
    paths = example.source.parent.glob("*.out")
    return {path.name: path.read_text().splitlines()[-1] for path in paths}


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ((3, 10), "counts.out"),
        ((3, 11), "counts.out"),
        ((3, 12), "counts.out"),
        ((3, 13), "counts.3.13.out"),
        ((3, 15), "counts.3.13.out"),
        ((3, 16), "counts.3.13.out"),
    ],
)
def test_whose_transcript_is_whose(version: Version, name: str, example: Example) -> None:
    assert transcript_of(example.source, version).name == name


def test_a_file_for_no_later_python_is_no_transcript(example: Example) -> None:
    """So tests/test_pages.py finds that it belongs to no script."""
    for name in ("counts.3.9.out", "counts.3.11.out", "counts.3.99.out", "counts.new.out"):
        example.source.with_name(name).touch()
    assert [path.name for path in example.transcripts.values()] == ["counts.out", "counts.3.13.out"]


def test_each_python_is_held_against_its_own(
    example: Example, on: Callable[[Version], None]
) -> None:
    for version, before in (((3, 12), "-one"), ((3, 14), "-two")):
        on(version)
        report = judge(example).report()
        assert f"{before}\n+three" in report
        assert f"If Python {name_of(version)} should, and another Python something" in report
    example.source.with_name("counts.3.13.out").write_text("$ python counts.py\nthree\n")
    assert judge(example).ok


def test_an_update_writes_the_transcript_of_this_python(
    example: Example, on: Callable[[Version], None]
) -> None:
    on((3, 14))
    assert judge(example).store()
    assert transcripts_in(example) == {"counts.out": "one", "counts.3.13.out": "three"}


def test_an_update_for_this_python_and_later_ones_leaves_the_others(
    example: Example, on: Callable[[Version], None]
) -> None:
    on((3, 15))
    assert judge(example).store(from_here_on=True)
    assert transcripts_in(example) == {
        "counts.out": "one",
        "counts.3.13.out": "two",
        "counts.3.15.out": "three",
    }
    assert judge(example).ok


def test_a_transcript_that_says_nothing_new_is_refused_and_goes_with_an_update(
    example: Example, on: Callable[[Version], None]
) -> None:
    on((3, 11))
    example.source.with_name("counts.3.15.out").write_text("$ python counts.py\ntwo\n")
    example.transcript.write_text("$ python counts.py\nthree\n")
    verdict = judge(example)
    assert not verdict.ok
    assert verdict.report().endswith("counts.3.15.out says what counts.3.13.out says: remove it")
    assert verdict.store()
    assert transcripts_in(example) == {"counts.out": "three", "counts.3.13.out": "two"}


def test_every_program_has_an_outcome(
    example: Example,
    on: Callable[[Version], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    elsewhere = Example(example.source.with_name("elsewhere.py"))
    elsewhere.source.write_text("print()\n")
    other = "<3.12" if sys.version_info >= (3, 12) else ">=3.12"
    elsewhere.settings_file.write_text(f'python = "{other}"\n')
    monkeypatch.setattr(every, "find_examples", lambda: [example, elsewhere])

    def results(*arguments: str) -> list[str]:
        assert every.main(list(arguments)) == 0
        outcomes = map(json.loads, capsys.readouterr().out.splitlines())
        return [Outcome(**outcome).result for outcome in outcomes]

    on((3, 12))
    assert results() == [DIFFERS, LEFT_OUT]
    assert results("--update") == [WRITTEN, LEFT_OUT]
    assert results() == [SAME, LEFT_OUT]
    on((3, 13))
    assert results("--update", "--from-here-on") == [WRITTEN, LEFT_OUT]
    assert transcripts_in(example) == {"counts.out": "three"}


# make test-pythons


def command(monkeypatch: pytest.MonkeyPatch, outcomes: dict[Version, list[Outcome]]) -> None:
    """Let each Python have had these outcomes, and none but these be found."""

    def find(version: Version) -> other_pythons.Python:
        if version not in outcomes:
            raise NotHereError("it is not here")
        lines = [json.dumps(vars(outcome)) for outcome in outcomes[version]]
        program = f"print({chr(10).join(lines)!r})"
        return other_pythons.Python((sys.executable, "-c", program), name_of(version))

    monkeypatch.setattr(other_pythons, "find", find)


def test_one_line_for_each_python_and_nothing_left_out_in_silence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pythons, "IN_CI", False)
    left_out = Outcome("a/b", LEFT_OUT, "no mariadb")
    command(monkeypatch, {OLDEST: [Outcome("a/a", SAME), left_out], NEWEST: [Outcome("a/a", SAME)]})
    assert pythons.main([]) == 0
    said = capsys.readouterr().out
    assert "1 run, 1 the same   (3.11)\n         left out: a/b: no mariadb\n" in said
    assert "1 run, 1 the same   (3.15)\n" in said
    for missing in PYTHONS[1:-1]:
        assert f"{name_of(missing):8} not run: it is not here\n" in said


def test_a_difference_fails_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pythons, "IN_CI", False)
    command(monkeypatch, {NEWEST: [Outcome("a/a", DIFFERS, "-one\n+two"), Outcome("a/b", SAME)]})
    assert pythons.main([name_of(NEWEST)]) == 1
    said = capsys.readouterr().out
    assert "2 run, 1 the same, 1 differs" in said
    assert "\na/a on Python " in said
    assert ":\n-one\n+two\n" in said


def test_a_python_that_cannot_run_them_fails_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = other_pythons.Python((sys.executable, "-c", "raise SystemExit('no psutil')"), "")
    monkeypatch.setattr(other_pythons, "find", lambda version: broken)
    assert pythons.main([name_of(OLDEST)]) == 1
    assert "not run: no psutil" in capsys.readouterr().out


def test_in_ci_a_python_that_debian_has_may_not_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    command(monkeypatch, {OLDEST: [Outcome("a/a", SAME)]})
    for in_ci in (False, True):
        monkeypatch.setattr(pythons, "IN_CI", in_ci)
        assert pythons.main([name_of(OLDEST), "3.12"]) == 0
        assert pythons.main([name_of(OLDEST), name_of(NEWEST)]) == int(in_ci)


def test_the_python_that_runs_this_needs_nothing_more() -> None:
    here = other_pythons.find(sys.version_info[:2])
    assert here.command == (sys.executable,)
    assert here.version.startswith(name_of(sys.version_info[:2]))


# The site


def outputs(example: Example) -> list[str]:
    """Each output and the title of its fold, if it has one; "*" for what the lab prints."""
    html = outputs_of(
        example, "one", lambda text, in_lab: f"{text.split()[-1]}{'*' * in_lab}", "en"
    )
    fold = r'<details class="note"><summary>With Python (.*?)</summary>(.*?)</details>'
    return re.sub(fold, r"|\1: \2", html).split("|")


def test_the_outputs_of_other_pythons_are_folded(example: Example) -> None:
    """The lab has one Python, and what that one prints is what a run there is compared with."""
    assert python_of_the_lab() == (3, 14)
    assert outputs(example) == ["one", "3.13 or later: two*"]
    example.source.with_name("counts.3.15.out").write_text("three\n")
    assert outputs(example) == ["one", "3.13–3.14: two*", "3.15 or later: three"]
    example.source.with_name("counts.3.14.out").write_text("four\n")
    assert outputs(example) == ["one", "3.13: two", "3.14: four*", "3.15 or later: three"]


def test_one_output_is_not_folded(example: Example) -> None:
    example.source.with_name("counts.3.13.out").unlink()
    assert outputs(example) == ["one*"]


def test_some_example_prints_different_things() -> None:
    """Else all of this is tested with examples of its own only."""
    assert any(len(example.transcripts) > 1 for example in find_examples())


def test_each_python_is_tested_on_github() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))["jobs"]
    tested = jobs["test"]["strategy"]["matrix"]["python"]
    assert tested == [name_of(version) for version in PYTHONS]
