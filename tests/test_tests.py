"""Every test can fail: it asserts something that may be false, and nothing leaves it out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.pages import ROOT

TESTS = ROOT / "tests"
NO_TESTS = TESTS / "misbehaviour"  # programs that tests run
FILES = [path for path in sorted(TESTS.rglob("*.py")) if NO_TESTS not in path.parents]
LEAVES_OUT = re.compile(
    r"\b(?:skip|skipif|skipTest|SkipTest|xfail|importorskip|__test__|collect_ignore(?:_glob)?"
    r"|pytest_(?:ignore_collect|collection_\w+|collect_\w+|pycollect_\w+|runtest_\w+)"
    r"|pytest\.exit)$"
)
ELSEWHERE = ("sys.platform != 'linux'", "not ON_LINUX")  # runs on Linux, whatever is installed
MAY_LEAVE_OUT = {
    ("support/results.py", "pytest.skip(why)"): "leave_out(), a failure in CI",
    ("test_examples.py", "pytest.skip(reason)"): "a platform or a Python that the settings exclude",
}
MAY_ASSERT_NOTHING = {"test_a_page_behind_is_named": "it warns"}
FAILS = re.compile(r"(?:^|\.)(?:raises|fail|warns|expect|check_call)$")

# Each of the two is run by a target of its own.
MAY_IGNORE = ("$(IN_BROWSER:%=--ignore %)", "$(OF_THE_LAB:%=--ignore %)")
NARROWING = re.compile(
    r"(?<![\w-])(?:--(?:deselect|ignore(?:-glob)?|lf|last-failed|sw|stepwise|co|collect-only)\b"
    r"|-[km])"
)
NARROWING_KEY = re.compile(r"\s*(python_\w+|norecursedirs|collect_imported_tests)\s*=")
WORKFLOWS = [
    path.relative_to(ROOT).as_posix() for path in sorted((ROOT / ".github/workflows").glob("*.yml"))
]

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def at(path: Path, node: ast.stmt | ast.expr) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


@each_file
def test_no_assertion_is_always_true(path: Path) -> None:
    found = [
        f"{at(path, node)}: `assert {ast.unparse(node.test)}` is always true: "
        "compare what the code did with what it should do"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Assert) and always_true(node.test)
    ]
    assert not found, "\n".join(found)


def always_true(test: ast.expr) -> bool:
    match test:
        case ast.BoolOp(op=ast.Or(), values=values):
            return any(always_true(value) for value in values)
        case ast.BoolOp(op=ast.And(), values=values):
            return all(always_true(value) for value in values)
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is() | ast.LtE() | ast.GtE()]):
            if ast.dump(left) == ast.dump(test.comparators[0]):
                return True
        case ast.NamedExpr(value=value):
            return always_true(value)
    if re.fullmatch(r"len\(.*\) (?:>= 0|> -1)", ast.unparse(test)):
        return True
    says_something = (ast.Name, ast.Attribute, ast.Call)
    return not any(isinstance(node, says_something) for node in ast.walk(test))


@each_file
def test_no_test_is_left_out(path: Path) -> None:
    name = path.relative_to(TESTS).as_posix()
    found = [
        f"{at(path, node)}: `{ast.unparse(node).splitlines()[0]}` leaves a test out. "
        "Let it run everywhere; if it needs something, call leave_out() of "
        "tests/support/results.py, which fails in CI"
        for node in leaving_out(parsed(path))
        if (name, ast.unparse(node)) not in MAY_LEAVE_OUT
    ]
    assert not found, "\n".join(found)


def leaving_out(tree: ast.Module) -> Iterator[ast.expr | ast.FunctionDef]:
    """Each call or mark that keeps tests from running, but for what keeps them from macOS."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=func):
                here = LEAVES_OUT.search(ast.unparse(func))
                condition = ast.unparse(node.args[0]) if node.args else ""
                if here and not (here[0] == "skipif" and condition in ELSEWHERE):
                    yield node
            case ast.FunctionDef(name=name):
                if LEAVES_OUT.search(name):
                    yield node
            case ast.Attribute() | ast.Name():
                if id(node) not in called and LEAVES_OUT.search(ast.unparse(node)):
                    yield node


@each_file
def test_every_test_asserts(path: Path) -> None:
    tree = parsed(path)
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    found = [
        f"{at(path, function)}: {name} asserts nothing, so it passes whatever happens: "
        "say with assert what must hold"
        for name, function in functions.items()
        if name.startswith("test_")
        and name not in MAY_ASSERT_NOTHING
        and not can_fail(function, functions, frozenset())
    ]
    assert not found, "\n".join(found)


def can_fail(
    function: ast.FunctionDef, functions: dict[str, ast.FunctionDef], seen: frozenset[str]
) -> bool:
    """Whether *function* asserts, or calls a function of this file that does.

    What is asserted where nobody hears of it does not count.
    """
    unheard = {id(node) for node in unheard_in(function)}
    for node in ast.walk(function):
        if id(node) in unheard:
            continue
        if isinstance(node, ast.Assert | ast.Raise):
            return True
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            name = called.rpartition(".")[2]
            if FAILS.search(called):
                return True
            known = functions.keys() - seen - {function.name}
            if name in known and can_fail(functions[name], functions, seen | {function.name}):
                return True
    return False


def unheard_in(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """All inside a block whose failing assertions are caught and not raised again."""
    for block in ast.walk(function):
        match block:
            case ast.Try(body=body, handlers=handlers):
                is_unheard = any(
                    catches(handler.type)
                    and not any(isinstance(node, ast.Raise) for node in ast.walk(handler))
                    for handler in handlers
                )
            case ast.With(items=items, body=body):
                is_unheard = any(
                    isinstance(call := item.context_expr, ast.Call)
                    and ast.unparse(call.func).endswith("suppress")
                    and any(map(catches, call.args))
                    for item in items
                )
            case _:
                continue
        if is_unheard:
            yield from (node for statement in body for node in ast.walk(statement))


def catches(kinds: ast.expr | None) -> bool:
    """Whether an `except` of these *kinds*, None for all, catches a failing assertion."""
    names = re.findall(r"\w+", ast.unparse(kinds)) if kinds else ["BaseException"]
    return not {"AssertionError", "Exception", "BaseException"}.isdisjoint(names)


@pytest.mark.parametrize(
    ("body", "can"),
    [
        ("try:\n  assert x\n except AssertionError:\n  pass", False),
        ("try:\n  assert x\n except (OSError, Exception):\n  print(x)", False),
        ("try:\n  assert x\n except:\n  pass", False),
        ("with contextlib.suppress(AssertionError):\n  assert x", False),
        ("try:\n  assert x\n except Exception:\n  raise", True),
        ("try:\n  assert x\n except OSError:\n  pass", True),
        ("try:\n  f()\n except Exception as error:\n  assert error.args", True),
        ("try:\n  assert x\n finally:\n  f()", True),
    ],
)
def test_an_assertion_that_nobody_hears_of_is_seen(body: str, can: bool) -> None:
    (function,) = ast.parse(f"def test_a():\n {body}").body
    assert isinstance(function, ast.FunctionDef)
    assert can_fail(function, {}, frozenset()) is can


@each_file
def test_every_test_is_collected(path: Path) -> None:
    found = [
        f"{at(path, node)}: {node.name} is never run: pytest reads only tests/test_*.py"
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert path.name.startswith("test_") or not found, "\n".join(found)


def test_no_option_leaves_tests_out() -> None:
    found = [
        f"{name}:{number}: `{option}` leaves tests out: take it away"
        for name in ("pyproject.toml", "Makefile", *WORKFLOWS)
        for number, line in enumerate((ROOT / name).read_text("utf-8").splitlines(), 1)
        for option in narrowing(line)
    ]
    assert not found, "\n".join(found)


def narrowing(line: str) -> list[str]:
    """The options in a line of pyproject.toml or of a recipe that keep pytest from tests."""
    said = re.search(r"(?:\baddopts\s*=|\bpytest\s)(.*)", line)
    if not said:
        found = NARROWING_KEY.match(line)
        return [found[1]] if found else []
    rest = said[1]
    for known in MAY_IGNORE:
        rest = rest.replace(known, "")
    return re.findall(NARROWING, rest)


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ('addopts = "-ra --deselect tests/test_a.py::test_b"', ["--deselect"]),
        ("addopts = '-k \"not slow\"'", ["-k"]),
        ('python_functions = "check_*"', ["python_functions"]),
        ("\t$(PY) -m pytest -n 2 tests -m 'not slow'", ["-m"]),
        ("\t$(PY) -m pytest tests --ignore=tests/test_a.py -knot", ["--ignore", "-k"]),
        ("\t$(PY) -m pytest tests $(IN_BROWSER:%=--ignore %) --lf", ["--lf"]),
        ("\t$(PY) -m pytest -q --update-examples tests $(OF_THE_LAB:%=--ignore %)", []),
        ('addopts = "--strict-markers --strict-config -ra"', []),
        ("\t$(PY) -m mkdocs build --strict", []),
    ],
)
def test_what_narrows_is_seen(line: str, options: list[str]) -> None:
    assert narrowing(line) == options


@pytest.mark.parametrize(
    "text",
    ["True", "1 == 1", "x == x", "x or True", "len(x) >= 0", "not False", "'text'"],
)
def test_what_is_always_true_is_seen(text: str) -> None:
    assert always_true(ast.parse(text, mode="eval").body)


@pytest.mark.parametrize("text", ["x", "x == y", "not x", "f(x)", "len(x) > 0", "x or y", "x < 1"])
def test_what_may_be_false_is_not(text: str) -> None:
    assert not always_true(ast.parse(text, mode="eval").body)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("pytest.skip('later')", 1),
        ("@pytest.mark.skip\ndef test_a(): pass", 1),
        ("@pytest.mark.xfail(reason='later')\ndef test_a(): pass", 1),
        ("@pytest.mark.skipif(True, reason='x')\ndef test_a(): pass", 1),
        ("p = pytest.param(1, marks=pytest.mark.skip)", 1),
        ("__test__ = False", 1),
        ("raise unittest.SkipTest('x')", 1),
        ("@pytest.mark.skipif(sys.platform != 'linux', reason='x')\ndef test_a(): pass", 0),
        ("skipped = 1", 0),
        ("collect_ignore = ['test_a.py']", 1),
        ("collect_ignore_glob += ['test_a*']", 1),
        ("def pytest_ignore_collect(): return True", 1),
        ("def pytest_collection_modifyitems(items):\n    items.clear()", 1),
        ("pytest.exit('enough')", 1),
        ("sys.exit(1)", 0),
    ],
)
def test_what_leaves_out_is_seen(text: str, count: int) -> None:
    assert len(list(leaving_out(ast.parse(text)))) == count
