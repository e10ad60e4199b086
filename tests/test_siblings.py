"""What a program needs beside it: found, given to each of its runs, and no example of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner import Example, find_examples, judge
from runner.faults import source_faults
from runner.siblings import siblings

HEADER = "# Needs beside it: shared.py\n\n"


def written(folder: Path, **files: str) -> Path:
    """The file `main.py` among *files*; `x_toml` is x.toml, and any other name a Python file."""
    chapter = folder / "chapter"
    chapter.mkdir(exist_ok=True)
    for name, text in files.items():
        file = name.replace("_toml", ".toml") if name.endswith("_toml") else f"{name}.py"
        (chapter / file).write_text(text)
    return chapter / "main.py"


def faults(source: Path) -> list[str]:
    found = source_faults(source, Example(source).settings)
    return [f"{path.name}:{line}: {text}" for path, line, text in found]


def names(source: Path) -> list[str]:
    return [path.name for path in siblings(source)]


def test_what_is_imported_is_found_with_what_that_needs(tmp_path: Path) -> None:
    source = written(
        tmp_path,
        main="import os\n\nfrom shared import f\nimport nowhere",
        shared="import deeper, main",
        deeper="",
        other="",
    )
    assert names(source) == ["deeper.py", "shared.py"]


def test_what_the_settings_name_is_found(tmp_path: Path) -> None:
    source = written(tmp_path, main='open("pool.py")', main_toml='files = ["pool.py"]', pool="")
    assert names(source) == ["pool.py"]


def test_a_run_has_only_what_the_reader_is_given(tmp_path: Path) -> None:
    program = (
        'import os\nfrom shared import f\nprint([n for n in sorted(os.listdir()) if "." in n])'
    )
    source = written(tmp_path, main=HEADER + program, shared="f = 1", other="")
    verdict = judge(Example(source))
    assert verdict.unacceptable == ()
    assert "['main.py', 'shared.py']" in verdict.seen


def test_a_file_that_only_serves_is_no_example(tmp_path: Path) -> None:
    source = written(tmp_path, main='open("pool.py")', main_toml='files = ["pool.py"]', pool="")
    assert [example.source for example in find_examples(tmp_path)] == [source]
    source.with_name("pool.out").write_text("$ python pool.py\n")
    assert len(find_examples(tmp_path)) == 2


@pytest.mark.parametrize(
    ("name", "program", "message"),
    [
        ("pool.py", 'open("pool.py")', "main.toml:1: files names pool.py, which is not beside it"),
        ("shared.py", "print(1)", "main.toml:1: files names shared.py, but nothing in the program"),
    ],
)
def test_a_wrong_name_is_refused(name: str, program: str, message: str, tmp_path: Path) -> None:
    settings = f'files = ["{name}"]'
    source = written(tmp_path, main=program, main_toml=settings, shared="")
    found = faults(source)
    assert any(said.startswith(message) for said in found), found


@pytest.mark.parametrize(
    ("header", "program", "settings", "message"),
    [
        ("", "import shared", "", "main.py:3:\"\n# Needs beside it: shared.py\n"),
        ("# Needs beside it: x.py\n\n", "import shared", "", "\n# Needs beside it: shared.py\n"),
        (HEADER, "print(1)", "", "names # Needs beside it: shared.py, which nothing imports or"),
        (
            "# /// script\n# dependencies = [\"PyMySQL\"]\n# ///\n\n",
            'import pymysql, os, shared\nos.environ["MYSQL_UNIX_PORT"]',
            'needs = ["mariadb"]',
            "main.py:7:\"\n# Needs a MariaDB server: MYSQL_UNIX_PORT=/path/to/its.sock\n"
            "# Needs beside it: shared.py\n# /// script\n",
        ),
        (HEADER, "print(shared)", 'needs = ["cc"]', "main.toml:1: needs 'cc', but nothing"),
    ],
)  # fmt: skip
def test_a_header_says_what_is_needed(
    header: str, program: str, settings: str, message: str, tmp_path: Path
) -> None:
    source = written(tmp_path, main=header + program, shared="")
    if settings:
        written(tmp_path, main_toml=settings)
    found = faults(source)
    assert any(message in said for said in found), found


def test_a_need_is_not_used_by_being_named_in_the_header(tmp_path: Path) -> None:
    header = "# Needs a MariaDB server: MYSQL_UNIX_PORT=/path/to/its.sock\n\n"
    source = written(tmp_path, main=f"{header}print(1)", main_toml='needs = ["mariadb"]')
    assert faults(source) == [
        "main.toml:1: needs 'mariadb', but nothing in the program asks for it; remove it"
    ]
