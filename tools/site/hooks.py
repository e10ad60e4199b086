"""MkDocs hooks: one command builds both languages, from one set of examples and assets."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.config_options import Hooks
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from tools.diagrams.draw import draw_all
from tools.pages import ENGLISH, JAPANESE, ROOT, is_behind
from tools.site import (
    csp,
    lab_files,
    lab_places,
    notebooks,
    page_tree,
    programs,
    terms,
    theme_patches,
    titles,
)
from tools.site.languages import language_of, root_url, source_of, versions
from tools.words import WordsError, say

ASSETS = (".css", ".js", ".svg")
KEEP_JAPANESE = "AFTER_FORK_KEEP_JAPANESE"  # environment, for it outlives a reload of this module
SERVED = "AFTER_FORK_SERVED"
IN_THE_WORKER = (theme_patches.SEARCH_JA, theme_patches.SEARCH_ORDER)
PROGRAMS = (".py", ".c", ".rb")
OURS = ("lab", "runner", "tools")  # packages that are read anew


def on_startup(command: str, dirty: bool) -> None:
    """Clean up at SIGTERM, too. Remember that MkDocs serves: it adds a script to each page."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if command == "serve":
        os.environ[SERVED] = "1"


@event_priority(100)  # before the plugin of the dates
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Give each site its address and its words, and do without dates where git has none."""
    config.site_url = root_url(config) + language_of(config).folder
    config.extra["scope"] = urlsplit(root_url(config)).path  # colours are chosen for both languages
    titles.put_titles(config)
    lab_files.load_buttons(config)
    config.markdown_extensions += [programs.EXTENSION, page_tree.EXTENSION]
    if not _has_commits():
        config.plugins["git-revision-date-localized"].config["enabled"] = False
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what lies outside the folder of the language: assets, diagrams, programs."""
    language = language_of(config)
    for path in _files_below("docs/assets"):
        if path.suffix in ASSETS and path not in IN_THE_WORKER:
            files.append(_file(path, ROOT / "docs", config))
    for name, svg in draw_all().items():
        if name.endswith(f".{language.code}.svg"):
            files.append(File.generated(config, f"assets/diagrams/{name}", content=svg))
    if language is ENGLISH:  # once for both languages: the Japanese pages link to the same files
        for path in _files_below("examples"):
            if path.suffix in PROGRAMS:
                files.append(_file(path, ROOT, config))
        for file in lab_files.files(config):
            files.append(file)
    theme_patches.apply(files, config)
    return files


def on_env(env: jinja2.Environment, config: MkDocsConfig, files: Files) -> jinja2.Environment:
    """Let the templates ask for a page in each language, and for the words of theirs."""
    env.globals["versions"] = partial(versions, config=config)
    env.globals["say"] = partial(say, language=language_of(config).code)
    return env


@event_priority(-100)  # after mkdocs-jupyter
def on_pre_page(page: Page, config: MkDocsConfig, files: Files) -> Page:
    """See tools/site/notebooks.py."""
    if notebooks.is_notebook(page):
        notebooks.take_over(page)
    return page


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Tell our steps of Markdown which page comes, and put in what is not written by hand."""
    config.mdx_configs |= {
        programs.EXTENSION: {"page": page, "config": config},
        page_tree.EXTENSION: {"page": page, "config": config, "files": files},
    }
    if notebooks.is_notebook(page):
        return notebooks.markdown_of(page)
    markdown = terms.put_glossary(markdown, page, config)
    return lab_places.put_machine(markdown, page, config)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let first uses of terms lead to the glossary, as the last: nothing else makes text."""
    return terms.link_first_uses(html, page, config)


def on_page_context(
    context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation
) -> dict[str, Any]:
    """Say when the English page is ahead, and no date for what was never committed."""
    context["is_behind"] = (
        language_of(config) is JAPANESE
        and source_of(page, ENGLISH).exists()
        and is_behind(source_of(page, ENGLISH), source_of(page, JAPANESE))
    )
    if not page.meta.get("git_revision_date_localized_hash"):
        page.meta.pop("git_revision_date_localized", None)
    theme_patches.describe(page, config)
    return context


def on_post_page(html: str, page: Page, config: MkDocsConfig) -> str:
    """See tools/site/csp.py."""
    return _protected(html)


def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:
    """See tools/site/csp.py."""
    return _protected(output) if template_name.endswith(".html") else output


def _protected(html: str) -> str:
    return html if SERVED in os.environ else csp.protect(html)


def on_build_error(error: Exception) -> None:
    """Say what is wrong with docs/words.toml in one sentence, without a traceback."""
    if isinstance(error, WordsError):
        raise BuildError(str(error)) from error


@event_priority(-100)  # after all plugins, which the second build shares with the first
def on_post_build(config: MkDocsConfig) -> None:
    """Build the Japanese site into the English one."""
    if language_of(config) is ENGLISH and not os.environ.get(KEEP_JAPANESE):
        _build_japanese(config)


def _build_japanese(config: MkDocsConfig) -> None:
    with _messages_named(JAPANESE.code):
        japanese = load_config(
            str(ROOT / "mkdocs.ja.yml"),
            site_url=root_url(config),
            site_dir=str(Path(config.site_dir) / JAPANESE.folder),
            strict=config.strict,
        )
        japanese.plugins.on_startup(command="build", dirty=False)
        build(japanese)
        japanese.plugins.on_shutdown()


def on_serve(
    server: LiveReloadServer, config: MkDocsConfig, builder: Callable[..., None]
) -> LiveReloadServer:
    """Rebuild what a save touched: one language, or both with the changed tools."""
    seen = _times_of_sources()

    def rebuild(*args: Any, **kwargs: Any) -> None:
        nonlocal seen
        before, seen = seen, _times_of_sources()
        changed = [path for path, _ in before ^ seen]
        if changed and all(path.is_relative_to(ROOT / "docs/ja") for path in changed):
            _build_japanese(config)
        elif changed and all(path.is_relative_to(ROOT / "docs/en") for path in changed):
            with _japanese_kept(config):
                builder(*args, **kwargs)
        else:
            Hooks._load_hook.cache_clear()
            for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
                del sys.modules[name]
            builder(*args, **kwargs)

    server.builder = rebuild
    # File by file: Python writes its cache into the folders at each build.
    for path in _sources():
        if path.suffix == ".py" or "web" in path.parts:
            server.watch(str(path))
    return server


def _times_of_sources() -> frozenset[tuple[Path, int]]:
    return frozenset(
        (path, path.stat().st_mtime_ns)
        for path in (*_files_below("docs"), *_files_below("examples"), *_sources())
    )


def _sources() -> list[Path]:
    """What builds the pages: when it changes, both languages are built anew."""
    folders = (path for name in ("lab", "runner", "tools") for path in _files_below(name))
    return [
        *ROOT.glob("mkdocs*.yml"),
        *(path for path in folders if not {"__pycache__", "node_modules"} & {*path.parts}),
    ]


@contextmanager
def _japanese_kept(config: MkDocsConfig) -> Iterator[None]:
    """Keep the Japanese site through a build of the English one, which empties its folder."""
    built = Path(config.site_dir) / JAPANESE.folder
    kept = Path(f"{config.site_dir}-{JAPANESE.code}")
    built.rename(kept)
    os.environ[KEEP_JAPANESE] = "1"
    try:
        yield
    finally:
        del os.environ[KEEP_JAPANESE]
        kept.rename(built)


def _has_commits() -> bool:
    head = ["git", "rev-parse", "--verify", "--quiet", "HEAD"]
    return (
        subprocess.run(
            head, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ).returncode
        == 0
    )


def _files_below(folder: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).rglob("*") if path.is_file())


def _file(path: Path, base: Path, config: MkDocsConfig) -> File:
    name = path.relative_to(base).as_posix()
    return File(name, str(base), config.site_dir, config.use_directory_urls)


@contextmanager
def _messages_named(code: str) -> Iterator[None]:
    # Both languages have the same paths: a message must say whose page it is about.
    def name(record: logging.LogRecord) -> bool:
        record.msg = f"[{code}] {str(record.msg).removeprefix(f'[{code}] ')}"
        return True

    handlers = logging.getLogger("mkdocs").handlers
    for handler in handlers:
        handler.addFilter(name)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(name)
