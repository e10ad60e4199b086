"""Each thing in its room: who may import whom, and no way back."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tools.pages import ROOT

# A room, and what its modules may import besides their own. The first that fits counts.
MAY_IMPORT = {
    "runner": (),
    "lab": (),
    "tools.site": ("runner", "lab", "tools.git", "tools.pages", "tools.words", "tools.diagrams"),
    "tools.diagrams": ("tools.pages",),
    "tools.figures": ("tools.pages", "tools.words"),
    "tools.commands": ("runner", "lab", "tools"),
    "tools.setup": ("runner", "lab"),
    "tools.words": ("tools.pages",),
    "tools.pages": (),
    "tools": (),
    "tests.support": ("runner", "lab", "tools"),
    "tests": ("runner", "lab", "tools", "tests.support"),
}
LEFT_OUT = ("lab.image.rootfs", "tests.misbehaviour")  # programs, of the guest and for the runner


def modules() -> dict[str, Path]:
    """Each of our modules by its name."""
    found = {}
    for folder in ("runner", "lab", "tools", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts).removesuffix(".__init__")
            if not name.startswith(LEFT_OUT) and "node_modules" not in parts:
                found[name] = path
    return found


MODULES = modules()


def imports_of(name: str) -> Iterator[tuple[str, str, int]]:
    """(module, name or "", line) of what the module imports from our own, inside functions too."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in MODULES:
                    yield alias.name, "", node.lineno
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*above, node.module or ""]).strip(".") if node.level else node.module
            for alias in node.names:
                whole = f"{base}.{alias.name}"
                if whole in MODULES:
                    yield whole, "", node.lineno
                elif base in MODULES:
                    yield str(base), alias.name, node.lineno
        elif isinstance(node, ast.Call) and node.args:
            called = ast.unparse(node.func).rpartition(".")[2]
            match node.args[0]:
                case ast.Constant(value=str(said)) if called in ("import_module", "__import__"):
                    if (module := importlib.util.resolve_name(said, package)) in MODULES:
                        yield module, "", node.lineno


@pytest.mark.parametrize(
    "text", ['importlib.import_module("tools.words")', '__import__("tools.words")']
)
def test_an_import_by_a_call_is_seen(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.py"
    path.write_text(text)
    monkeypatch.setitem(MODULES, "runner.x", path)
    assert list(imports_of("runner.x")) == [("tools.words", "", 1)]


def room_of(name: str) -> str:
    return next(room for room in MAY_IMPORT if name == room or name.startswith(f"{room}."))


def at(name: str, line: int) -> str:
    return f"{MODULES[name].relative_to(ROOT)}:{line}"


def test_a_module_imports_from_below() -> None:
    for name in MODULES:
        room = room_of(name)
        allowed = {room, *MAY_IMPORT[room]}
        for imported, _, line in imports_of(name):
            assert any(imported == one or imported.startswith(f"{one}.") for one in allowed), (
                f"{at(name, line)}: {room} must not import {imported}, only from"
                f" {', '.join(sorted(allowed))}: see MAY_IMPORT in tests/test_house.py"
            )


def test_no_private_name_is_imported() -> None:
    for name in MODULES:
        for module, imported, line in imports_of(name):
            is_private = imported.startswith("_") and not imported.startswith("__")
            assert not is_private, (
                f"{at(name, line)}: {imported} is private to {module}; make it public"
            )


def test_no_test_module_imports_another() -> None:
    for name in MODULES:
        if ".test_" in name:
            for module, _, line in imports_of(name):
                is_test = ".test_" in module or module == "tests.conftest"
                assert not is_test, f"{at(name, line)}: what both need goes into tests/support/"


def test_no_imports_go_round() -> None:
    graph = {name: {module for module, _, _ in imports_of(name)} - {name} for name in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"these import each other: {' -> '.join(reversed(error.args[1]))}")
