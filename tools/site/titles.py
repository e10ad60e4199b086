"""The words that MkDocs and the theme take from their settings: set here, for each language."""

from __future__ import annotations

from typing import Any

from mkdocs.config.defaults import MkDocsConfig

from tools.site.languages import language_of
from tools.words import say


def put_titles(config: MkDocsConfig) -> None:
    """Give the chapters, the toggles of colours and the permalinks their names in this language.

    mkdocs.yml has the keys of the chapters and the toggles.
    """
    language = language_of(config).code
    config.nav = [_with_title(entry, language) for entry in config.nav or []]
    for scheme in config.theme["palette"]:
        scheme["toggle"]["name"] = say(f"colours.{scheme['toggle']['name']}", language)
    config.mdx_configs["toc"]["permalink_title"] = say("page.permalink", language)


def _with_title(entry: Any, language: str) -> Any:
    """An entry of the navigation: a page as it is, a chapter with its title for its key."""
    if isinstance(entry, str):
        return entry
    return {say(f"chapters.{chapter}", language): pages for chapter, pages in entry.items()}
