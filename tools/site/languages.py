"""A page in each language: where it is, and its address. LANGUAGES is in tools/pages.py."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from tools.pages import DOCS, JAPANESE, LANGUAGES, Language


class Version(NamedTuple):
    """A page in one language, as the templates link to it."""

    language: Language
    url: str  # absolute: search engines want that
    href: str  # relative: works wherever the site is put
    exists: bool  # else both lead to the first page of the language


def language_of(config: MkDocsConfig) -> Language:
    """The language that this build is for."""
    return next(known for known in LANGUAGES if known.code == config.theme["language"])


def source_of(page: Page, language: Language) -> Path:
    """The Markdown file of this page in this language, whether it exists or not."""
    return DOCS / language.code / page.file.src_uri


def root_url(config: MkDocsConfig) -> str:
    """The address of the whole site, which is the address of the English one."""
    return (config.site_url or "/").removesuffix(language_of(config).folder)


def above(config: MkDocsConfig) -> str:
    """What leads from the root of the language to the root of the site, "" or "../"."""
    return "../" * len(Path(language_of(config).folder).parts)


def versions(page: Page | None, config: MkDocsConfig) -> list[Version]:
    """This page in each language; for a page without a place (the 404 page), the first pages."""
    return [_version(page, language, config) for language in LANGUAGES]


def _version(page: Page | None, language: Language, config: MkDocsConfig) -> Version:
    exists = page is not None and source_of(page, language).exists()
    path = language.folder + (page.url if page and exists else "")
    url = root_url(config) + path
    if page is None:
        return Version(language, url, urlsplit(url).path, exists)
    here = language_of(config).folder + page.url
    return Version(language, url, get_relative_url(path, here), exists)


@contextmanager
def messages_named(language: Language) -> Iterator[None]:
    """Let MkDocs mark its messages about Japanese pages: both languages have the same paths."""
    mark = f"[{language.code}] " if language is JAPANESE else ""

    def name(record: logging.LogRecord) -> bool:
        record.msg = mark + str(record.msg).removeprefix(mark)
        return True

    handlers = logging.getLogger("mkdocs").handlers
    for handler in handlers:
        handler.addFilter(name)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(name)
