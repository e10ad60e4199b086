"""What answers at an address of docs/moved.toml: a page that leads on, an id, a program."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from tools.pages import ENGLISH
from tools.site.addresses import follow, fragment_of, moves, page_of
from tools.site.languages import language_of

log = get_plugin_logger("moved")

PROGRAMS = "/examples/"
# The script keeps the fragment, which the refresh would lose; with both, the later one would win.
_LEADS_ON = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<link rel="canonical" href="{canonical}">
<script>location.replace({page} + (location.hash || {fragment}))</script>
<noscript><meta http-equiv="refresh" content="0; url={target}"></noscript>
</head>
<body>
<p><a href="{target}">{title}</a></p>
</body>
</html>
"""


def put_ids(html: str, page: Page) -> str:
    """*html* with the ids that its headings had, and signs for sections that left the page."""
    for old, new in _sections(page):
        if f'id="{old}"' in html:
            log.warning(
                f"docs/moved.toml: '{page.file.src_uri}' still has the id {old}: "
                "change it, or the line"
            )
        elif page_of(new) == f"/{page.url}":
            heading = rf'<h[1-6] [^>]*\bid="{re.escape(fragment_of(new))}"[^>]*>'
            html = re.sub(heading, rf'\g<0><span id="{old}"></span>', html, count=1)
        else:
            href = get_relative_url(new.removeprefix("/"), page.url)
            html = f'<span id="{old}" data-moved="{href}"></span>{html}'
    return html


def _sections(page: Page) -> Iterator[tuple[str, str]]:
    """(old id, today's address) of what readers with an old fragment look for on this page."""
    for address in moves():
        fragment = fragment_of(address)
        if fragment and page_of(follow(page_of(address))) == f"/{page.url}":
            new = follow(address)
            if new != f"/{page.url}#{fragment}":
                yield fragment, new


def files(built: Files, config: MkDocsConfig) -> Iterator[File]:
    """A file at the old address of each page and program; once the pages are read."""
    pages = {f"/{file.url}": file.page for file in built.documentation_pages() if file.page}
    for old in moves():
        new = follow(old)
        if old.startswith(PROGRAMS):
            yield from _copy(old, new, built, config)
            continue
        page = pages.get(page_of(new))
        if page is None or not _has_id(page, fragment_of(new)):
            log.warning(f"docs/moved.toml: {old} leads nowhere: there is no {new}")
        elif old in pages:
            log.warning(f"docs/moved.toml: {old} is still a page: delete it, or the line")
        elif not fragment_of(old):
            content = _leads_on(old, new, page, config)
            yield File.generated(config, f"{old.strip('/')}/index.html", content=content)


def _has_id(page: Page, fragment: str) -> bool:
    return not fragment or f'id="{fragment}"' in (page.content or "")


def _copy(old: str, new: str, built: Files, config: MkDocsConfig) -> Iterator[File]:
    if language_of(config) is not ENGLISH:  # both languages link to the same files
        return
    program = built.get_file_from_path(new.removeprefix("/"))
    if program is None:
        log.warning(f"docs/moved.toml: {old} leads nowhere: there is no program {new}")
    else:
        yield File.generated(config, old.removeprefix("/"), content=program.content_bytes)


def _leads_on(old: str, new: str, page: Page, config: MkDocsConfig) -> str:
    target = get_relative_url(new.removeprefix("/"), old.removeprefix("/"))
    fragment = fragment_of(new)
    return _LEADS_ON.format(
        language=language_of(config).code,
        title=escape(str(page.title)),
        canonical=escape(page.canonical_url or ""),
        page=json.dumps(page_of(target)),
        fragment=json.dumps(f"#{fragment}" if fragment else ""),
        target=escape(target),
    )
