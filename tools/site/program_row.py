"""The row below a program: copy it whole, download it, and download what it needs beside it.

The text is not on the page twice: docs/assets/scripts/site.js fetches the file when it is copied.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from runner import EXAMPLES, Example
from tools.site.languages import language_of
from tools.words import say


def row_of(example: Example, page: Page, config: MkDocsConfig) -> str:
    """Its HTML, for a place that is kept from the search and from links to the glossary."""
    code = language_of(config).code
    name = escape(name_of(example.source))
    copy, download = say("program.copy", code), say("program.download", code)
    label = say("program.download_named", code, name=name)
    row = (
        '<div class="program-row">'
        f'<span role="status" data-well="{escape(say("program.copied", code))}"'
        f' data-badly="{escape(say("program.not_copied", code))}"></span>'
        f'<button type="button" data-copies aria-label="{copy} {name}">{copy}</button>'
        f'<a href="{address_of(example.source, page, config)}" download aria-label="{label}">'
        f"{download}</a></div>"
    )
    if beside := example.siblings:
        addresses = (address_of(path, page, config) for path in beside)
        texts = (say("program.download_named", code, name=escape(path.name)) for path in beside)
        links = (
            f'<a href="{address}" download>{text}</a>'
            for address, text in zip(addresses, texts, strict=True)
        )
        files = say("program.comma", code).join(links)
        row += f'<p class="program-beside">{say("program.beside", code, files=files)}</p>'
    return row


def address_of(path: Path, page: Page, config: MkDocsConfig) -> str:
    """Where *page* finds the file of examples/ on the site."""
    here = language_of(config).folder + page.url
    return get_relative_url(f"examples/{name_of(path)}", here)


def name_of(path: Path) -> str:
    """As pages call a file of examples/: "locks/fork_gate.py"."""
    return path.relative_to(EXAMPLES).as_posix()
