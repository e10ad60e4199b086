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
LEAVES_OUT = re.compile(r"\b(?:skip|skipif|skipTest|SkipTest|xfail|importorskip|__test__)$")
ELSEWHERE = ("sys.platform != 'linux'", "not ON_LINUX")  # runs on Linux, whatever is installed
MAY_LEAVE_OUT = {
    ("support/results.py", "pytest.skip(why)"): "leave_out(), a failure in CI",
    ("test_examples.py", "pytest.skip(reason)"): "a platform or a Python that the settings exclude",
}
MAY_ASSERT_NOTHING = {"test_a_page_behind_is_named": "it warns"}
FAILS = re.compile(r"(?:^|\.)(?:raises|fail|warns|expect|check_call)$")

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
        f"{at(path, node)}: `{ast.unparse(node)}` leaves a test out. Let it run everywhere; if it "
        "needs something, call leave_out() of tests/support/results.py, which fails in CI"
        for node in leaving_out(parsed(path))
        if (name, ast.unparse(node)) not in MAY_LEAVE_OUT
    ]
    assert not found, "\n".join(found)


def leaving_out(tree: ast.Module) -> Iterator[ast.expr]:
    """Each call or mark that keeps tests from running, but for what keeps them from macOS."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=func):
                here = LEAVES_OUT.search(ast.unparse(func))
                condition = ast.unparse(node.args[0]) if node.args else ""
                if here and not (here[0] == "skipif" and condition in ELSEWHERE):
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
    """Whether *function* asserts, or calls a function of this file that does."""
    for node in ast.walk(function):
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


@each_file
def test_every_test_is_collected(path: Path) -> None:
    found = [
        f"{at(path, node)}: {node.name} is never run: pytest reads only tests/test_*.py"
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert path.name.startswith("test_") or not found, "\n".join(found)


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
    ],
)
def test_what_leaves_out_is_seen(text: str, count: int) -> None:
    assert len(list(leaving_out(ast.parse(text)))) == count
