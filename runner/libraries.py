"""Libraries and servers that a script uses, and what it says of them."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise

from .needs import unmentioned
from .siblings import siblings
from .source import METADATA, Fault, Source, imported_modules

HOW_TO_ADD = (
    "An example uses the standard library, and psutil where it must. Where a library is the "
    'lesson: add it to the group "test" in pyproject.toml, then `make lock` and `make test`'
)
_DISTRIBUTIONS = {"MySQLdb": "mysqlclient", "pymysql": "PyMySQL"}  # modules named otherwise


def need_faults(source: Source, declared: tuple[str, ...]) -> Iterator[Fault]:
    """What the script asks the machine for and its settings do not say."""
    for name, said in unmentioned(source.path, declared):
        line = next(number for number, text in source.lines if said in text)
        needs = ", ".join(f'"{need}"' for need in (*declared, name))
        beside = source.path.with_suffix(".toml").name
        yield line, f"{said} asks for {name}: write needs = [{needs}] into {beside}"


def imported(source: Source) -> list[str]:
    """What the script and the files beside it import beyond the standard library and each other."""
    return sorted(_DISTRIBUTIONS.get(name, name) for name in _foreign(source))


def not_installed(source: Source) -> list[str]:
    """Which of the modules that a script imports the running Python does not have."""
    return sorted(name for name in _foreign(source) if find_spec(name) is None)


def _foreign(source: Source) -> set[str]:
    beside = siblings(source.path)
    modules = set().union(*map(imported_modules, (source, *map(Source, beside))))
    modules |= run_as_modules(source)
    return modules - sys.stdlib_module_names - {path.stem for path in beside}


def run_as_modules(source: Source) -> set[str]:
    """The modules that a script starts by ``python -m``, where they are named beside it."""
    return {
        name.value.split(".")[0]
        for node in source.nodes
        if isinstance(node, ast.List | ast.Tuple)
        for option, name in pairwise(node.elts)
        if isinstance(option, ast.Constant) and option.value == "-m"
        if isinstance(name, ast.Constant) and isinstance(name.value, str)
    }


def declared(header: str) -> list[str]:
    """What the script metadata (PEP 723) in *header* names."""
    metadata = METADATA.search(header)
    return sorted(re.findall(r'"([\w-]+)', metadata[0])) if metadata else []
