"""Every example runs and prints what its transcript says; every snippet prints its ``#>`` lines.

``pytest --update-examples`` (``make update``) writes the transcripts and the ``#>`` lines instead.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from math import inf

import pytest
from pytest_examples import CodeExample, EvalExample
from pytest_examples import find_examples as find_snippets

from runner import Example, Servers, SettingsError, find_examples, judge
from runner.load import heavy
from runner.rounds import explain, repeat
from tests.support.git import changed_examples
from tests.support.results import UPDATED, require
from tools.pages import DOCS, ROOT

# What a snippet may use, since it runs inside pytest: functions of one process that touch nothing.
ALLOWED = {
    "errno": re.compile(r".*"),
    "math": re.compile(r".*"),
    "os": re.compile(r"waitstatus_to_exitcode|W[A-Z]+|strerror|EX_\w+|[A-Z]_\w+|path"),
    "signal": re.compile(r"Signals|Handlers|SIG\w+|strsignal"),
    "stat": re.compile(r".*"),
    "struct": re.compile(r".*"),
    "sys": re.compile(r"version_info|byteorder|maxsize|getsizeof|getrefcount"),
}
CHANGED = changed_examples()
ROUNDS_OF_A_CHANGE = 50  # what happens in one run of ten is seen in 50, but once in 200 times
SECONDS_FOR_CHANGES = 120.0  # of all examples together
REFUSED_CALLS = {"exec", "eval", "compile", "open", "input", "__import__", "getattr", "globals"}


@pytest.mark.parametrize("example", find_examples(), ids=lambda example: example.id)
def test_example(example: Example, request: pytest.FixtureRequest, servers: Servers) -> None:
    problem, reason = why_not_here(example)
    if problem:
        pytest.fail(problem, pytrace=False)
    if reason:
        pytest.skip(reason)
    require(example.missing())
    variables = servers.environment(example.settings.needs)
    if request.config.getoption("update_examples"):
        update(example, request, variables)
        return
    wanted, load = request.config.getoption("repeat"), request.config.getoption("load")
    if wanted or load or example not in CHANGED:
        plan = [(wanted or 1, load, inf)]
    else:
        seconds = SECONDS_FOR_CHANGES / len(CHANGED) / 2
        plan = [(ROUNDS_OF_A_CHANGE // 2, 0, seconds), (ROUNDS_OF_A_CHANGE // 2, heavy(), seconds)]
    for rounds, processes, limit in plan:
        _, report = repeat(example, rounds, seconds=limit, load=processes, servers=variables)
        if report:
            pytest.fail(report, pytrace=False)


def why_not_here(example: Example) -> tuple[str, str | None]:
    """What is wrong with the settings, and why they let no such machine run it."""
    try:
        return "", example.why_not_here()
    except SettingsError as error:
        return str(error), None


def update(example: Example, request: pytest.FixtureRequest, servers: dict[str, str]) -> None:
    """Write the transcript; what was written must come again."""
    verdict = judge(example, servers=servers)
    if verdict.store():
        request.node.user_properties.append((UPDATED, str(example.transcript.relative_to(ROOT))))
        verdict = judge(example, tty=True, servers=servers)
        if not verdict.ok:
            pytest.fail(explain(verdict, True, servers), pytrace=False)
    elif not verdict.ok:
        pytest.fail(verdict.report(), pytrace=False)


def inline_snippets() -> Iterator[CodeExample]:
    for snippet in find_snippets(DOCS / "en", DOCS / "ja"):
        if not snippet.source.startswith("--8<--"):
            yield snippet


def name_of(snippet: CodeExample) -> str:
    page = snippet.path.relative_to(DOCS).with_suffix("").as_posix()
    return f"{page}:{snippet.start_line}"


@pytest.mark.parametrize("snippet", list(inline_snippets()), ids=name_of)
def test_snippet(snippet: CodeExample, eval_example: EvalExample) -> None:
    for problem in problems_of_snippet(snippet.source):
        pytest.fail(f"{name_of(snippet)}: {problem}", pytrace=False)
    eval_example.set_config(line_length=72, target_version="py310")
    if eval_example.update_examples:
        eval_example.run_print_update(snippet)
    else:
        eval_example.lint_ruff(snippet)
        eval_example.run_print_check(snippet)


def problems_of_snippet(source: str) -> Iterator[str]:
    """Why *source* may not run inside pytest, or why its output would not be compared."""
    if not re.search(r"^#> ", source, re.M):
        yield "it has no `#>` line: print something, then make update"
    if re.search(r"^[ \t]+#>", source, re.M):
        # pytest-examples never compares the output of a print that does not run.
        yield "a `#>` line is indented: only prints at the top level are sure to run"
    for node in ast.walk(ast.parse(source)):
        for name in names_used(node):
            yield (
                f"line {node.lineno}: {name} in an inline snippet would run inside pytest. "  # type: ignore[attr-defined]
                "Make it a script in examples/ and include that"
            )


def names_used(node: ast.AST) -> Iterator[str]:
    """Names that *node* uses and that no snippet may use."""
    match node:
        case ast.Import(names=names):
            yield from (a.name for a in names if a.name not in ALLOWED or a.asname)
        case ast.ImportFrom(module=module):
            yield f"from {module} import"
        case ast.Attribute(value=ast.Name(id=module), attr=name):
            if module in ALLOWED and not ALLOWED[module].fullmatch(name):
                yield f"{module}.{name}"
        case ast.Name(id=name) if name in REFUSED_CALLS or name.startswith("__"):
            yield name
        case ast.Attribute(attr=name) if name.startswith("__"):
            yield name


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import os\nos.fork()\n#> 0", "line 2: os.fork in an inline snippet would run inside"),
        ("import os\nos.execv('/bin/true', [])\n#> 0", "os.execv"),
        ("import os\nos.posix_spawn\n#> 0", "os.posix_spawn"),
        ("import subprocess\n#> 0", "line 1: subprocess"),
        ("import threading\n#> 0", "threading"),
        ("from os import fork\n#> 0", "from os import"),
        ("import os as system\n#> 0", "line 1: os in"),
        ("import signal\nsignal.alarm(1)\n#> 0", "signal.alarm"),
        ("__import__('os').fork()\n#> 0", "__import__"),
        ("().__class__\n#> 0", "__class__"),
        ("open('x')\n#> 0", "open"),
        ("print(1)", "it has no `#>` line"),
        ("if False:\n    print(1)\n    #> anything", "a `#>` line is indented"),
    ],
)
def test_snippets_that_are_refused(source: str, problem: str) -> None:
    assert any(problem in said for said in problems_of_snippet(source))


def test_a_snippet_that_is_taken() -> None:
    source = "import os\nprint(os.waitstatus_to_exitcode(256))\n#> 1"
    assert list(problems_of_snippet(source)) == []
