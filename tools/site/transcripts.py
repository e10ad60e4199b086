"""What a program printed, on its page: the output that most readers get, and others folded below.

A fence includes ``<slug>.out``. What other Pythons print stands in files beside it (see
runner/versions.py), and is found there: nothing is written on the page for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from html import escape

from lab.image.apt import read_packages
from runner import PYTHONS, Example, Version, name_of, transcript_of
from tools.words import say

_PYTHON = re.compile(r"python3\.(\d+)-minimal")


def outputs_of(
    example: Example, shown: str, write: Callable[[str, bool], str], language: str
) -> str:
    """HTML of *shown*, the output that the page includes, and of the others.

    *write* makes HTML of one output, and marks it if the flag is set: that one a run in the lab is
    compared with.
    """
    in_lab = transcript_of(example.source, python_of_the_lab())
    (_, first), *later = example.transcripts.items()
    html = write(shown, first == in_lab)
    for number, (since, path) in enumerate(later):
        following = later[number + 1][0] if number + 1 < len(later) else None
        output = write(path.read_text("utf-8"), path == in_lab)
        title = escape(_title(since, following, language))
        html += f'<details class="note"><summary>{title}</summary>{output}</details>'
    return html


def _title(since: Version, following: Version | None, language: str) -> str:
    if following is None:
        return say("transcripts.since", language, python=name_of(since))
    last = PYTHONS[PYTHONS.index(following) - 1]
    pythons = name_of(since) if last == since else f"{name_of(since)}–{name_of(last)}"
    return say("transcripts.between", language, pythons=pythons)


@cache
def python_of_the_lab() -> Version:
    """The Python in the reader's browser, as lab/image/packages.txt names it."""
    found = [_PYTHON.fullmatch(package.name) for package in read_packages()]
    (minor,) = (int(match[1]) for match in found if match)
    return 3, minor
