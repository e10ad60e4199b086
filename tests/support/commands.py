"""Commands that a text tells people or machines to type: do they exist?"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from itertools import pairwise

from tools.pages import ROOT

OURS = ("runner", "tools")  # whose options are asked for, by --help
OTHERS = ("pytest", "mkdocs")
FOLDERS = r"(?:\.ci|\.github|docs|examples|lab|runner|tests|tools)"
PATH = re.compile(rf"{FOLDERS}(?:/[\w.-]+)*/?|[\w-]+\.(?:toml|json|ya?ml|md)")
_MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
_VALUES = dict(re.findall(r"^(\w+) *:= *(\S+)$", _MAKEFILE, re.M))
_NAMED = re.findall(r"^\$\((\w+)\).*:(?!=)", _MAKEFILE, re.M)  # $(SITE): …
_TARGETS = {
    *re.findall(r"^([\w./-]+):(?!=)", _MAKEFILE, re.M),
    *(_VALUES[name] for name in _NAMED),
}
_VARIABLES = {
    *re.findall(r"^(\w+) *[?:]?=", _MAKEFILE, re.M),
    *re.findall(r"\$\((\w+)\)", _MAKEFILE),
}


def wrong_in(line: str) -> Iterator[str]:
    """What does not exist of the commands in one line of a shell, a message for each."""
    for command in re.split(r"&&|\|\||[;|<>]", line):
        try:
            words = shlex.split(command, comments=True)
        except ValueError:  # a quotation that goes on in the next line
            continue
        while words and re.fullmatch(r"\w+=.*|sudo|nice|exec", words[0]):
            del words[0]
        if words[:1] == ["make"]:
            yield from _wrong_for_make(words[1:])
        elif len(words) > 2 and re.search(r"(?:^|/)python[\d.]*$", words[0]) and words[1] == "-m":
            yield from _wrong_for_python(words[2], words[3:])
        elif words[:1] == ["npm"]:
            yield from _wrong_for_npm(words[1:])
        if any(re.fullmatch(r"(?:.*/)?pip[\d.]*", word) for word in words[:3]):
            yield from _wrong_for_pip(words)
        for word in words:
            is_path = "/" in word and PATH.fullmatch(word) and not word.endswith("/PAGE")
            if is_path and not (ROOT / word).exists():
                yield f"there is no {word}"


def _wrong_for_make(words: list[str]) -> Iterator[str]:
    for word in words:
        name, is_variable, _ = word.partition("=")
        if is_variable and name not in _VARIABLES:
            yield f"the Makefile uses no variable {name}"
        if not is_variable and not word.startswith("-") and word not in _TARGETS:
            yield f"the Makefile has no target {word}; `make help` lists them"


def _wrong_for_npm(words: list[str]) -> Iterator[str]:
    """Scripts that package.json does not have; `npm test` and `npm start` are such, too."""
    asked = words[1:2] if words[:1] in (["run"], ["run-script"]) else words[:1]
    if words[:1] in (["run"], ["run-script"], ["test"], ["start"]):
        scripts = json.loads((ROOT / "package.json").read_text("utf-8")).get("scripts", {})
        for name in asked:
            if name not in scripts:
                yield f"package.json has no script {name}; `make help` lists what can be done"


def _wrong_for_pip(words: list[str]) -> Iterator[str]:
    for option, file in pairwise(word for part in words for word in part.split("=", 1)):
        if option in ("-r", "--requirement") and not (ROOT / file).is_file():
            yield f"there is no {file}; what each set of packages needs is in requirements/"


def _wrong_for_python(module: str, words: list[str]) -> Iterator[str]:
    top = module.partition(".")[0]
    if top not in (*OURS, *OTHERS):
        return
    try:
        is_there = find_spec(module) is not None
    except ModuleNotFoundError:
        is_there = False
    if not is_there:
        yield f"there is no module {module}"
        return
    text = _help(module)
    commands = re.search(r"\{([\w,-]+)\} \.\.\.", text)
    if commands and words and words[0] not in commands[1].split(","):
        yield f"python -m {module} has no command {words[0]}; it has {commands[1]}"
        return
    if commands and words:
        text = _help(module, words[0])
    for option in (word.partition("=")[0] for word in words if word.startswith("--")):
        if not re.search(rf"(?<![\w-]){option}(?![\w-])", text):
            yield f"python -m {module} has no option {option}; --help lists them"


@cache
def _help(module: str, *words: str) -> str:
    command = [sys.executable, "-m", module, *words, "--help"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8").stdout
