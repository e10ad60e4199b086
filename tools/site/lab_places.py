"""Where a page has its Run buttons, or says why there are none; and the two pages of the lab.

All of it is kept from the search and from the links to the glossary: no reader looks for a button.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from runner import Example
from tools.site import lab_files
from tools.site.languages import language_of
from tools.site.program_row import address_of, name_of, row_of
from tools.site.search_text import LEFT_OUT
from tools.words import say

SECONDS_FOR_A_DEADLOCK = 5
EDITOR = '<div class="lab-page"></div>'  # on the page of the lab
PACKAGES = '<div class="lab-packages"></div>'  # on the page of the licences


def place_of(example: Example, fences: int, page: Page, config: MkDocsConfig) -> str:
    """What stands below the last of the *fences* that show *example*: its row, and the lab's."""
    row = row_of(example, page, config)
    if lab_files.find() is None:
        return f"<div {LEFT_OUT}>{row}</div>"
    language = language_of(config)
    if reason := why_not(example):
        because = say(f"lab.why_not.{reason}", language.code)
        text = say("lab.none", language.code, reason=because)
        return f'<div class="lab" {LEFT_OUT}>{_bar(text, row)}</div>'
    name = name_of(example.source)
    source = address_of(example.source, page, config)
    bar = _bar(say("lab.no_script", language.code), row)
    options = escape(json.dumps(options_of(example)))
    return (
        f'<div class="lab" {LEFT_OUT} data-program="{escape(name)}" data-source="{source}"'
        f' data-options="{options}" data-sections="{fences}">'
        f"{bar}</div>"
    )


def why_not(example: Example) -> str | None:
    """Why the machine of the lab cannot run *example*, a key of the words; or None."""
    if example.source.suffix == ".c":
        return "compiler"
    if example.source.suffix == ".rb":
        return "ruby"
    for name in ("namespaces", "ss"):
        if name in example.settings.needs:
            return name
    if "cc" in example.settings.needs:
        return "compiler"
    if example.settings.needs:
        return "server"
    return None if example.settings.lab in ("", "fresh") else example.settings.lab


def options_of(example: Example) -> dict[str, Any]:
    """What ``run`` in lab/web/machine/machine.mjs is told: only what is not default."""
    settings = example.settings
    options: dict[str, Any] = {}
    if settings.lab == "fresh":
        options["fresh"] = True
    if settings.tty is False:
        options["pipe"] = True
    if settings.expect == "timeout":
        options["timeout"] = SECONDS_FOR_A_DEADLOCK
    if settings.order == "any":
        options["order"] = "any"
    if beside := example.siblings:
        options["files"] = [path.name for path in beside]
    return options


def put_machine(markdown: str, page: Page, config: MkDocsConfig) -> str:
    """Put the editor, and the list of what the machine is made of, where *markdown* wants them."""
    image = lab_files.find()
    if image and EDITOR in markdown:
        bar = _bar(say("lab.no_script", language_of(config).code))
        editor = f'<div class="lab" {LEFT_OUT} data-options="{{}}">{bar}</div>'
        markdown = markdown.replace(EDITOR, editor)
    if image and PACKAGES in markdown:
        markdown = markdown.replace(PACKAGES, _packages(image, page, config))
    return markdown


def _packages(image: lab_files.Image, page: Page, config: MkDocsConfig) -> str:
    language = language_of(config)
    columns = (
        say("lab.packages.name", language.code),
        say("lab.packages.source", language.code),
        say("lab.packages.version", language.code),
    )
    here = language.folder + page.url
    rows = "".join(
        f'<tr><th scope="row"><a href="{get_relative_url(part.address, here)}">'
        f"{escape(part.name)}</a></th>"
        f"<td>{escape(part.source)}</td><td>{escape(part.version)}</td></tr>"
        for part in image.parts
    )
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    return f"<table {LEFT_OUT}><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _bar(note: str, row: str = "") -> str:
    """*note* gives way to the buttons, and the first line of *row* stands beside them."""
    return f'<div class="lab-bar"><p class="lab-note">{note}</p>{row}</div>'
