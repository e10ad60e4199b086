"""Libraries and servers that a script uses: declared where the reader's tools look for them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from .needs import unmentioned
from .source import Fault, Source, imported_modules, neighbours

METADATA = re.compile(r"\A# /// script\n(?:#.*\n)+?# ///\n\n")
HOW_TO_ADD = (
    "An example uses the standard library, and psutil where it must. Where a library is the "
    'lesson: add it to the group "test" in pyproject.toml, then `make lock` and `make test`'
)
_DISTRIBUTIONS = {"MySQLdb": "mysqlclient", "pymysql": "PyMySQL"}  # modules named otherwise


def library_faults(source: Source) -> Iterator[Fault]:
    """Where the script metadata (PEP 723) and the imports differ."""
    if not source.tree:
        return
    wanted, found = imported(source), declared(source.text)
    if wanted == found:
        return
    if not wanted:
        yield 1, f"the header names {', '.join(found)}, which nothing imports: remove the header"
        return
    names = ", ".join(f'"{name}"' for name in wanted)
    header = f"# /// script\n# dependencies = [{names}]\n# ///\n"
    what = f"names {', '.join(found)}" if found else "is missing"
    yield (
        1,
        f"it imports {', '.join(wanted)}, and the header by which `uv run` finds that {what}. "
        f"The first lines must be these and an empty one; the pages begin below them, with "
        f'--8<-- "…/{source.path.name}:5:"\n{header}',
    )


def need_faults(source: Source, declared: tuple[str, ...]) -> Iterator[Fault]:
    """What the script asks the machine for and its settings do not say."""
    for name, said in unmentioned(source.path, declared):
        line = next(number for number, text in source.lines if said in text)
        needs = ", ".join(f'"{need}"' for need in (*declared, name))
        beside = source.path.with_suffix(".toml").name
        yield line, f"{said} asks for {name}: write needs = [{needs}] into {beside}"


def imported(source: Source) -> list[str]:
    """What the script imports beyond the standard library and its neighbours."""
    siblings = {path.stem for path in neighbours(source)}
    foreign = imported_modules(source) - sys.stdlib_module_names - siblings
    return sorted(_DISTRIBUTIONS.get(name, name) for name in foreign)


def declared(text: str) -> list[str]:
    """What the script metadata of *text* names."""
    header = METADATA.match(text)
    return sorted(re.findall(r'"([\w-]+)', header[0])) if header else []
