"""Where a reader says that a page is wrong: an issue form, which knows the page by then."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from tools.git import git
from tools.pages import ROOT

FORM = "1-wrong-statement.yml"  # in .github/ISSUE_TEMPLATE; it has fields of these names


def address(page: Page, config: MkDocsConfig) -> str:
    """The form with what can be filled in of it."""
    fields = {"template": FORM, "page": page.canonical_url, "version": version(ROOT)}
    known = {name: value for name, value in fields.items() if value}
    return f"{config.repo_url}/issues/new?{urlencode(known)}"


@cache
def version(project: Path) -> str:
    """The last commit of the project; "" where git knows none, as in a zip inside another's."""
    try:
        return git(project, "log", "-1", "--format=%h", "--abbrev=12", "--", ".").strip()
    except OSError:
        return ""
