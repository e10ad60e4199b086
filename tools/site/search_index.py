"""The theme's search index: descriptions in it for search-order.js, and pages that change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page


def get(config: MkDocsConfig) -> Any:
    """The index of the build that goes on."""
    return _plugin(config).search_index


def describe(page: Page, config: MkDocsConfig) -> None:
    """Give *page* in the index its description."""
    (entry,) = (entry for entry in get(config).entries if entry["location"] == page.url)
    entry["description"] = page.meta["description"]


@contextmanager
def reopened(index: Any, pages: list[Page], config: MkDocsConfig) -> Iterator[None]:
    """Let *pages* be read into *index* anew; then write it into the site."""
    plugin = _plugin(config)
    plugin.search_index = index  # it has but one, of the language that was built last
    addresses = {page.url for page in pages}
    index.entries = [
        entry for entry in index.entries if entry["location"].partition("#")[0] not in addresses
    ]
    yield
    plugin.on_post_build(config=config)


def _plugin(config: MkDocsConfig) -> Any:
    return config.plugins["material/search"]
