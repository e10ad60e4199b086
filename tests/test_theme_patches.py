"""A patch of the theme names all that it counts on, so that a release that changed it is seen."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version

import pytest

from tools.pages import ROOT
from tools.site.theme_patches import PATCHES, Patch

# What every browser has.
BROWSER = {"document", "window", "setTimeout", "new", "Promise"}
NOT_CODE = re.compile(r'"[^"]*"|/[\[(].*?/[gmu]*|(?:\.|\?\.)\w+|[\w-]+(?=:)')
EMBEDDED = re.compile(r"`[^`]*`")


def names(code: str) -> set[str]:
    """The names that a piece of JavaScript uses, but for properties."""
    inner = EMBEDDED.sub(lambda text: " ".join(re.findall(r"\$\{(.*?)\}", text[0])), code)
    return set(re.findall(r"(?<![\w$])[A-Za-z_$][\w$]*", NOT_CODE.sub("", inner)))


def parameters(code: str) -> set[str]:
    """The names that it makes itself, as parameters of arrows."""
    return set(re.findall(r"\b(\w+)=>", code))


@pytest.mark.parametrize(
    "patch",
    PATCHES,
    ids=lambda patch: patch.why,
)
def test_a_patch_names_what_it_counts_on(patch: Patch) -> None:
    held = names(patch.old) | names(patch.uses) | BROWSER
    lacking = names(patch.new) - held - parameters(patch.new)
    assert lacking == set(), "`uses` of the patch must show what these mean in the theme"


def test_the_names_of_code_are_found() -> None:
    assert names('H(()=>f.call(a?.b,"c d",`e ${g} h`,{i:j}).replace(/[ k]+$/gm,""))') == {
        *("H", "f", "a", "g", "j")
    }


def test_the_theme_is_the_one_that_the_patches_are_for() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    (pinned,) = (
        line for group in groups.values() for line in group if re.match(r"mkdocs-material\b", line)
    )
    assert re.fullmatch(r"mkdocs-material==[\d.]+", pinned), "pin the theme exactly"
    assert pinned == f"mkdocs-material=={version('mkdocs-material')}"
