"""Every reason to refuse an example: what its source says, and how a run of it went."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .clocks import clock_faults
from .header import header_faults
from .lab import lab_faults
from .libraries import HOW_TO_ADD, need_faults
from .needs import unneeded
from .network import network_faults
from .places import place_faults
from .process import OUTPUT_LIMIT, Ended
from .settings import Settings, line_of_setting
from .source import Fault, Source

COLUMNS = 72

_MISSING_MODULE = re.compile(rb"ModuleNotFoundError: No module named '([\w.]+)'")
_VARIABLE = re.compile(r"PYTHON[A-Z0-9_]{2,}")
_KEY_ERROR = re.compile(rb"KeyError: '([A-Z_]+)'")


def source_faults(path: Path, settings: Settings) -> Iterator[tuple[Path, int, str]]:
    """What is wrong with a script however it runs: file, line, what and the next step."""
    source, beside = Source(path), path.with_suffix(".toml")
    if path.suffix == ".py" and path.stem in sys.stdlib_module_names:
        yield path, 1, f"its name hides the module {path.stem} of Python: rename it"
    if b"\r" in path.read_bytes():
        shown = "/".join(path.parts[-3:])
        yield path, 1, f"its lines end in CR LF, here in LF alone: sed -i 's/\\r$//' {shown}"
    clocks = list(clock_faults(source))
    for line, text in [
        *need_faults(source, settings.needs),
        *header_faults(source, settings),
        *network_faults(source),
        *place_faults(source),
        *_variables(source),
        *_wide_lines(source),
        *([] if settings.waits else clocks),
    ]:
        yield path, line, text
    if settings.waits and not clocks:
        line = line_of_setting("waits", beside)
        yield beside, line, "waits, but nothing in the program waits for time; remove it"
    for name in unneeded(path, settings.needs):
        line = line_of_setting("needs", beside)
        yield beside, line, f"needs {name!r}, but nothing in the program asks for it; remove it"
    for name in _files_amiss(source, settings):
        line = line_of_setting("files", beside)
        yield beside, line, name
    for text in lab_faults(source, settings.lab):
        yield beside, line_of_setting("lab", beside), text


def run_faults(settings: Settings, ended: Ended) -> Iterator[str]:
    """What is wrong with one run of a script."""
    if ended.status != settings.expect:
        yield _unexpected_end(settings, ended)
    found = Counter(leftover.kind for leftover in ended.leftovers)
    if tuple(sorted(found.items())) != settings.leftovers and ended.status != "timeout":
        yield _wrong_leftovers(settings, ended)
    if not ended.output:
        yield "it printed nothing, so there is nothing to show"
    if len(ended.output) > OUTPUT_LIMIT:
        yield f"it printed more than {OUTPUT_LIMIT // 1024} KiB; a transcript must fit a page"
    try:
        ended.output[:OUTPUT_LIMIT].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < OUTPUT_LIMIT - 4:
            yield f"it printed bytes that are not UTF-8, the first at byte {error.start}"


def _files_amiss(source: Source, settings: Settings) -> Iterator[str]:
    for name in settings.files:
        if not source.path.with_name(name).is_file():
            yield f"files names {name}, which is not beside it: write it, or remove the name"
        elif Path(name).stem not in source.body:
            yield f"files names {name}, but nothing in the program does; remove it"


def _wide_lines(source: Source) -> Iterator[Fault]:
    """Without the header, which no page shows."""
    hidden = source.header.count("\n")
    for number, line in source.lines[hidden:]:
        if len(line) > COLUMNS:
            yield number, f"{len(line)} columns; {COLUMNS} fit the page: wrap the line"


def _variables(source: Source) -> Iterator[Fault]:
    """A variable that changes what Python does is the reader's, and set to what he likes."""
    for line, text in source.strings:
        if _VARIABLE.fullmatch(text):
            yield (
                line,
                f"{text} is a variable of the reader, who may have set it to anything or not at "
                "all: print nothing that depends on it; give a child what it needs by an option, "
                "as in python -u",
            )


def _unexpected_end(settings: Settings, ended: Ended) -> str:
    hint = {
        "timeout": f"it still ran after {settings.timeout:g} s and was killed",
        "120": "it could not write its last output (is its standard output closed?)",
    }.get(ended.status, f"it ended with {ended.status}")
    if b"EOFError" in ended.output:
        hint += " (an example has no standard input)"
    if missing := _MISSING_MODULE.search(ended.output):
        return f"{missing[1].decode()} is not installed here. {HOW_TO_ADD}"
    if missing := _KEY_ERROR.search(ended.output):
        return (
            f"{hint}: nobody set {missing[1].decode()}. A server is asked for by its own variable "
            "and by needs in the file of settings: see NEEDS in runner/needs.py"
        )
    return f"{hint}; expected: {settings.expect}" + (
        "" if settings.expect != "0" else ". If that is the lesson, declare it: expect = …"
    )


def _wrong_leftovers(settings: Settings, ended: Ended) -> str:
    if not ended.leftovers:
        return f"declares leftovers {dict(settings.leftovers)}, but left none; remove the setting"
    left = "; ".join(
        f"{leftover.kind} pid {leftover.pid} ({leftover.command})" for leftover in ended.leftovers
    )
    wanted = f"declared: {dict(settings.leftovers)}" if settings.leftovers else "nobody waited"
    return f"it left processes behind, {wanted}: {left}"
