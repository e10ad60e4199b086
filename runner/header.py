"""The first lines of a script, which no page shows: what it needs, and nothing else says.

A reader who takes the file away has them. Pages begin below the empty line that ends them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .libraries import declared, imported
from .needs import NEEDS
from .settings import Settings
from .siblings import siblings
from .source import Fault, Source

_NEEDS = re.compile(r"^(?:#|//) Needs .+$", re.M)


def header_faults(source: Source, settings: Settings) -> Iterator[Fault]:
    """Where the header differs from what the script imports, and from its settings."""
    wanted, found = _needs(source, settings), _NEEDS.findall(source.header)
    libraries, named = imported(source), declared(source.header)
    if libraries == named and wanted == found:
        return
    if not wanted and not libraries:
        idle = ", ".join(found or named)
        yield 1, f"the header names {idle}, which nothing imports or declares: remove the header"
        return
    header = "".join(f"{line}\n" for line in [*wanted, *_metadata(libraries)])
    begin = header.count("\n") + 2
    why = _lacks_libraries(libraries, named) or (
        "whoever downloads it is not told what it needs besides Python"
    )
    yield (
        1,
        f"{why}. The first lines must be these and an empty one; the pages begin below them, with "
        f'--8<-- "…/{source.path.name}:{begin}:"\n{header}',
    )


def _needs(source: Source, settings: Settings) -> list[str]:
    """A comment for each thing that the settings declare, and for each file beside it."""
    comment = "//" if source.path.suffix == ".c" else "#"
    said = [NEEDS[name].said for name in settings.needs]
    said += [f"beside it: {path.name}" for path in siblings(source.path)]
    return [f"{comment} Needs {one}" for one in said]


def _metadata(libraries: list[str]) -> list[str]:
    if not libraries:
        return []
    names = ", ".join(f'"{name}"' for name in libraries)
    return ["# /// script", f"# dependencies = [{names}]", "# ///"]


def _lacks_libraries(wanted: list[str], named: list[str]) -> str:
    if wanted == named:
        return ""
    if not wanted:
        return f"the header names {', '.join(named)}, which nothing imports"
    what = f"names {', '.join(named)}" if named else "is missing"
    return f"it imports {', '.join(wanted)}, and the header by which `uv run` finds that {what}"
