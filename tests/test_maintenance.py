"""What ADMIN_TASKS.md and CITATION.cff say is so."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import yaml

from tools.pages import ROOT, find_fences

TASKS = (ROOT / "ADMIN_TASKS.md").read_text("utf-8")
COMMANDS = [
    line
    for fence in find_fences(TASKS)
    if fence.language == "sh"
    for line in fence.body.splitlines()
]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def files_named(text: str) -> Iterator[str]:
    """What stands between backticks and looks like a path of this project."""
    for code in re.findall(r"`([^`\n]+)`", text):
        if re.fullmatch(r"[\w.-]+(?:/[\w.-]+)+/?", code) and code.split("/")[0] not in (
            "src",
            "partials",
        ):
            yield code


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_exist(command: str) -> None:
    if command.startswith("make "):
        for target in command.split()[1:]:
            assert re.search(rf"^{re.escape(target)}:", MAKEFILE, re.M), f"make {target}"
    for module in re.findall(r"-m (tools[\w.]+)", command):
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), module
    for file in re.findall(r"\S+\.py\b", command):
        assert (ROOT / file).is_file(), file


def test_the_files_exist() -> None:
    named = {name for name in files_named(TASKS) if not (ROOT / name).exists()}
    named -= {"lab/licences", "reference/errata.md"}  # pages, in each language
    assert named == set()


def test_the_citation_says_what_the_site_says() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    site = (ROOT / "mkdocs.yml").read_text("utf-8")
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= citation.keys()  # which the schema wants
    assert f"site_name: {citation['title']}\n" in site
    assert f'"{citation["url"]}"' in site
    assert f'"{citation["repository-code"]}"' in site
    assert f'license = "{" AND ".join(citation["license"])}"' in project
