"""The source of an example as data: its strings, and what its names may stand for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Fault = tuple[int, str]  # the line, and what is wrong there with the next step

_OF_THE_ENVIRONMENT = re.compile(r"(?:os\.)?(?:environ\.(?:get|setdefault)|getenv)")
METADATA = re.compile(r"# /// script\n(?:#.*\n)+?# ///\n")
_HEADER = re.compile(
    rf"\A(?=(?:#|//) Needs |# /// script\n)(?:(?:#|//) Needs .+\n)*(?:{METADATA.pattern})?\n"
)
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'")


@dataclass(frozen=True)
class Source:
    """A script. Only Python is parsed; of C and Ruby the lines and strings are seen."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def header(self) -> str:
        """The comments at its top that say what it needs, and the empty line below; or ""."""
        found = _HEADER.match(self.text)
        return found[0] if found else ""

    @property
    def body(self) -> str:
        """What pages show: all below the header."""
        return self.text.removeprefix(self.header)

    @cached_property
    def lines(self) -> list[tuple[int, str]]:
        return list(enumerate(self.text.splitlines(), start=1))

    @cached_property
    def tree(self) -> ast.Module | None:
        """None for other languages, and for what is no Python: running it will say so."""
        if self.path.suffix != ".py":
            return None
        try:
            return ast.parse(self.text)
        except SyntaxError:
            return None

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(self.tree)) if self.tree else []

    @cached_property
    def strings(self) -> list[tuple[int, str]]:
        """Every literal string with its line."""
        if self.path.suffix != ".py":
            return [
                (number, match[1] or match[2] or "")
                for number, line in self.lines
                for match in _QUOTED.finditer(line)
            ]
        return [
            (node.lineno, node.value)
            for node in self.nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]

    @cached_property
    def calls(self) -> list[tuple[str, ast.Call]]:
        """Every call with the last part of its name."""
        return [(name_of(node.func), node) for node in self.nodes if isinstance(node, ast.Call)]

    @cached_property
    def _bound(self) -> dict[str, list[ast.expr]]:
        bound: dict[str, list[ast.expr]] = {}
        for node in self.nodes:
            for name, value in _bindings(node):
                bound.setdefault(name, []).append(value)
        return bound

    def meanings(self, node: ast.AST, seen: frozenset[str] = frozenset()) -> Iterator[ast.AST]:
        """*node*, or where it is a name all that the script binds to that name."""
        if isinstance(node, ast.Name) and node.id in self._bound and node.id not in seen:
            for value in self._bound[node.id]:
                yield from self.meanings(value, seen | {node.id})
        else:
            yield node

    def values(self, node: ast.AST) -> list[object]:
        """The literals that *node* may stand for.

        So are sums and products of numbers, what int() makes of digits, each side of a choice,
        and what a variable of the environment is where nobody sets it.
        """
        found: list[object] = []
        for meaning in self.meanings(node):
            match meaning:
                case ast.Constant(value=value):
                    found.append(value)
                case ast.BinOp(left=left, right=right):
                    found += [n for n in self.values(left) + self.values(right) if n]
                case ast.Call(func=ast.Name(id="int"), args=[number]):
                    found += [int(str(n)) for n in self.values(number) if str(n).isdecimal()]
                case ast.Call(func=func, args=[_, default]):
                    if _OF_THE_ENVIRONMENT.fullmatch(ast.unparse(func)):
                        found += self.values(default)
                case ast.BoolOp(values=choices):
                    found += [value for choice in choices for value in self.values(choice)]
                case ast.IfExp(body=one, orelse=other):
                    found += self.values(one) + self.values(other)
        return found


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _unpacked(target, value)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.NamedExpr(target=ast.Name(id=name), value=value):
            yield name, value
        case ast.arguments(args=args, defaults=defaults):
            for argument, value in zip(args[len(args) - len(defaults) :], defaults, strict=True):
                yield argument.arg, value


def _unpacked(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match target, value:
        case ast.Name(id=name), _:
            yield name, value
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            for each, part in zip(targets, values, strict=True):
                yield from _unpacked(each, part)


def imported_modules(source: Source) -> set[str]:
    """The first part of the name of each module that a Python script imports."""
    modules: set[str] = set()
    for node in source.nodes:
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module.split(".")[0])
    return modules


def name_of(node: ast.AST) -> str:
    """The last part of a dotted name, "" for anything else."""
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""
