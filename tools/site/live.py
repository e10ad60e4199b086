"""What `make serve` does at a save: the saved pages alone are rendered anew, where that is enough.

It is enough when the text of a page changed, and not its front matter, which other pages show, too.
Then the rest of the last build still holds: the other pages, the navigation, the templates.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
from mkdocs.commands.build import get_context
from mkdocs.config.config_options import Hooks
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler, write_file

from tools.pages import DOCS, ROOT, Language, read_page, split_front_matter
from tools.site import search_index
from tools.site.languages import language_of, messages_named

OURS = ("lab", "runner", "tools")  # packages that are read anew


@dataclass
class _Build:
    """What the last whole build of one language has left."""

    language: Language
    config: MkDocsConfig
    files: Files
    nav: Navigation
    front_matter: dict[str, str]  # by the path of a page below the folder of the language
    templates: jinja2.Environment = field(init=False)

    def page(self, name: str) -> Page | None:
        file = self.files.get_file_from_path(name)
        return file.page if file else None


_builds: dict[str, _Build] = {}  # by language


def remember(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Keep what a build knows before it reads its pages, until the next whole one."""
    language = language_of(config)
    names = [file.src_uri for file in files.documentation_pages()]
    front_matter = {name: _front_matter(DOCS / language.code / name) for name in names}
    _builds[language.code] = _Build(language, config, files, nav, front_matter)


def remember_templates(env: jinja2.Environment, config: MkDocsConfig) -> None:
    """Keep the theme's templates, too."""
    _builds[language_of(config).code].templates = env


def render(changed: Collection[Path]) -> bool:
    """Render the pages whose files have *changed*, in all languages; False where more is to do.

    Raises Abort, as a strict build does, where MkDocs or a hook has warned.
    """
    names = {_name_of_page(path) for path in changed}
    if None in names:
        return False
    counter = CountHandler(level=logging.WARNING)
    logging.getLogger("mkdocs").addHandler(counter)
    try:
        for build in _builds.values():
            with messages_named(build.language):
                _render(build, [page for name in names if name and (page := build.page(name))])
    finally:
        logging.getLogger("mkdocs").removeHandler(counter)
    if counter.get_counts():
        raise Abort("No page is served until the warnings above are gone.")
    return True


def _name_of_page(path: Path) -> str | None:
    """The path of a page below the folder of its language, or None where a whole build is due."""
    code, _, name = path.relative_to(ROOT).as_posix().removeprefix("docs/").partition("/")
    known = _builds[code].front_matter.get(name) if code in _builds else None
    is_same = known is not None and path.exists() and _front_matter(path) == known
    return name if is_same else None


def _render(build: _Build, pages: list[Page]) -> None:
    """Do for *pages* what MkDocs does for each page of a build."""
    for page in pages:
        _read(page, build)
        _write(page, build)
    search_index.write(build.config)
    level = build.config.validation.links.anchors
    for file in build.files.documentation_pages():
        if file.page:
            file.page.validate_anchor_links(files=build.files, log_level=level)


def _read(page: Page, build: _Build) -> None:
    config, files, events = build.config, build.files, build.config.plugins
    page = events.on_pre_page(page, config=config, files=files)
    page.read_source(config)
    page.markdown = events.on_page_markdown(
        page.markdown or "", page=page, config=config, files=files
    )
    page.render(config, files)
    page.content = events.on_page_content(page.content or "", page=page, config=config, files=files)


def _write(page: Page, build: _Build) -> None:
    config, events = build.config, build.config.plugins
    page.active = True
    context = get_context(build.nav, build.files, config, page)
    context = events.on_page_context(context, page=page, config=config, nav=build.nav)
    html = build.templates.get_template(page.meta.get("template", "main.html")).render(context)
    page.active = False
    html = events.on_post_page(html, page=page, config=config)
    write_file(html.encode(), page.file.abs_dest_path)


def watch(server: LiveReloadServer, build_all: Callable[[], None]) -> None:
    """Let *server* build what a save touched."""
    seen = _times_of_sources()
    unbuilt: set[Path] = set()  # what has changed since the last build without a warning

    def build() -> None:
        from tools.site import live  # as it was read last

        nonlocal seen
        before, seen = seen, _times_of_sources()
        unbuilt.update(path for path, _ in before ^ seen)
        if not live.render(unbuilt):
            _forget_our_code()
            build_all()
        unbuilt.clear()

    server.builder = build
    # File by file: Python writes its cache into the folders at each build.
    for path in _sources(*OURS):
        if path.suffix == ".py" or "web" in path.parts:
            server.watch(str(path))


def _forget_our_code() -> None:
    Hooks._load_hook.cache_clear()
    for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
        del sys.modules[name]


def _times_of_sources() -> frozenset[tuple[Path, int]]:
    sources = (*ROOT.glob("mkdocs*.yml"), *_sources("docs", "examples", *OURS))
    return frozenset((path, path.stat().st_mtime_ns) for path in sources)


def _sources(*folders: str) -> Iterator[Path]:
    """The files below *folders*, but for what Python, npm and editors keep beside them."""
    for folder in folders:
        for where, inside, names in os.walk(ROOT / folder):
            inside[:] = [name for name in inside if name not in ("__pycache__", "node_modules")]
            yield from (
                Path(where, name) for name in names if name[0] not in ".#" and name[-1] != "~"
            )


def _front_matter(path: Path) -> str:
    return split_front_matter(read_page(path))[0]
