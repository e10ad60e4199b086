"""What readers typed, collected for the search, names pages that exist."""

from __future__ import annotations

import tomllib

import pytest

from tools.pages import CODES, ROOT, find_pages

ADDRESSES = {page.address for page in find_pages("en")}


@pytest.mark.parametrize("name", ["search_readers.toml", "search_kept_back.toml"])
def test_each_query_has_a_page_and_a_source(name: str) -> None:
    path = ROOT / "tests" / name
    for language, queries in tomllib.loads(path.read_text("utf-8")).items():
        assert language in CODES
        for query in queries:
            said = f"tests/{name}: {query['query']!r}"
            assert query["source"].startswith("http"), f"{said}: where was it read?"
            gone = [page for page in query["pages"] if page not in ADDRESSES]
            assert query["pages"], f"{said}: which page answers it?"
            assert not gone, f"{said}: there is no page {gone[0]}; take the address of today"
