"""MkDocs hooks: one command builds both languages, from one set of examples and assets."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from runner import find_examples
from tools.diagrams.draw import draw_all
from tools.pages import ENGLISH, JAPANESE, LANGUAGES, ROOT, is_behind
from tools.site import (
    bundles,
    cards,
    chapters,
    csp,
    dates,
    feed,
    lab_files,
    lab_places,
    live,
    markdown_pages,
    notebooks,
    page_tree,
    programs,
    redirects,
    reports,
    search_index,
    terms,
    theme_patches,
    titles,
)
from tools.site.languages import (
    above,
    language_of,
    messages_named,
    root_url,
    source_of,
    versions,
)
from tools.words import WordsError, say

COMPILED_TEMPLATES = ROOT / ".cache" / "templates"
ASSETS = (".css", ".js", ".svg", ".txt")
# Once for both languages: the Japanese pages load them from the English site.
FOR_BOTH = (ROOT / "docs/assets/search", ROOT / "docs/assets/vendor")
SERVED = "AFTER_FORK_SERVED"  # environment, for it outlives a reload of this module


def on_startup(command: str, dirty: bool) -> None:
    """Clean up at SIGTERM, too. Remember that MkDocs serves: it adds a script to each page."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if command == "serve":
        os.environ[SERVED] = "1"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Give each site its address and its words, and Markdown the steps of ours."""
    config.site_url = root_url(config) + language_of(config).folder
    config.extra["scope"] = urlsplit(root_url(config)).path  # colours are chosen for both languages
    config.theme["favicon"] = above(config) + config.theme["favicon"]  # one for both languages
    titles.put_titles(config)
    lab_files.load_buttons(config)
    config.markdown_extensions += [programs.EXTENSION, page_tree.EXTENSION]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what lies outside the folder of the language: assets, diagrams, programs."""
    language = language_of(config)
    for path in _files_below("docs/assets"):
        if path.suffix in ASSETS and (language is ENGLISH or not _is_for_both(path)):
            files.append(_file(path, ROOT / "docs", config))
    for name, svg in draw_all().items():
        if name.endswith(f".{language.code}.svg"):
            files.append(File.generated(config, f"assets/diagrams/{name}", content=svg))
    if language is ENGLISH:  # once for both languages: the Japanese pages link to the same files
        examples = find_examples()
        for path in sorted({path for e in examples for path in (e.source, *e.siblings)}):
            files.append(_file(path, ROOT, config))
        for file in lab_files.files(config):
            files.append(file)
        files.append(File.generated(config, "robots.txt", content=_robots(config)))
    if SERVED not in os.environ:
        for card in cards.files(config):
            files.append(card)
    theme_patches.apply(files, config)
    search_index.forget(config)
    bundles.put(files, config)
    return files


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:
    """See tools/site/live.py."""
    live.remember(nav, config, files)
    return nav


def on_env(env: jinja2.Environment, config: MkDocsConfig, files: Files) -> jinja2.Environment:
    """Let templates ask for a page in each language and for their words; compile them but once.

    All pages are read by now: what leads to one that moved is added.
    """
    live.remember_templates(env, config)
    COMPILED_TEMPLATES.mkdir(parents=True, exist_ok=True)
    env.bytecode_cache = jinja2.FileSystemBytecodeCache(str(COMPILED_TEMPLATES))
    env.globals["versions"] = partial(versions, config=config)
    env.globals["changed"] = partial(_changed, config=config)
    env.globals["card_url"] = partial(cards.url, config=config)
    env.globals["markdown_url"] = partial(markdown_pages.url, config=config)
    env.globals["feed_entries"] = partial(feed.entries, files=files)
    env.globals["say"] = partial(say, language=language_of(config).code)
    for file in list(redirects.files(files, config)):
        if file.src_uri.endswith(".html"):
            file.content_string = _protected(file.content_string)
        files.append(file)
    return env


@event_priority(-100)  # after mkdocs-jupyter
def on_pre_page(page: Page, config: MkDocsConfig, files: Files) -> Page:
    """See tools/site/notebooks.py."""
    if notebooks.is_notebook(page):
        notebooks.take_over(page, config, files)
    return page


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Tell our steps of Markdown which page comes, and put in what is not written by hand."""
    config.mdx_configs |= {
        programs.EXTENSION: {"page": page, "config": config},
        page_tree.EXTENSION: {"page": page, "config": config, "files": files},
    }
    if notebooks.is_notebook(page):
        markdown = notebooks.markdown_of(page)
        markdown_pages.read(markdown, page, config, files)
        return markdown
    markdown = terms.put_glossary(markdown, page, config)
    markdown = chapters.put_pages(markdown, page, config)
    markdown_pages.read(markdown, page, config, files)
    return lab_places.put_machine(markdown, page, config)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put in what cells show and old ids, and let first uses of terms lead to the glossary."""
    if notebooks.is_notebook(page):
        html = notebooks.put_outputs(html, page, config)
    return terms.link_first_uses(redirects.put_ids(html, page), page, config)


def on_page_context(
    context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation
) -> dict[str, Any]:
    """Say when the page last changed, where to report a mistake, and when the English is ahead."""
    language = language_of(config)
    context["is_behind"] = (
        language is JAPANESE
        and source_of(page, ENGLISH).exists()
        and is_behind(source_of(page, ENGLISH), source_of(page, JAPANESE))
    )
    page.meta["revision_date"] = dates.last_change(source_of(page, language), language.code)
    context["report"] = reports.address(page, config)
    search_index.read(page, config)
    return context


def on_post_page(html: str, page: Page, config: MkDocsConfig) -> str:
    """Write the page as Markdown, too; and see tools/site/csp.py."""
    markdown_pages.write(page, config)
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
    """Write what the search reads; build the Japanese site into the English one."""
    search_index.write(config)
    if language_of(config) is ENGLISH:
        _build_japanese(config)


def _build_japanese(config: MkDocsConfig) -> None:
    with messages_named(JAPANESE):
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
    """See tools/site/live.py."""
    live.watch(server, builder)
    return server


def _robots(config: MkDocsConfig) -> str:
    folders = [language.folder for language in LANGUAGES]
    maps = [f"Sitemap: {root_url(config)}{folder}sitemap.xml\n" for folder in folders]
    return "User-agent: *\nAllow: /\n" + "".join(maps)


def _changed(page: Page, config: MkDocsConfig) -> date | None:
    return dates.last_changes(ROOT).get(source_of(page, language_of(config)))


def _files_below(folder: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).rglob("*") if path.is_file())


def _is_for_both(path: Path) -> bool:
    return any(folder in path.parents for folder in FOR_BOTH)


def _file(path: Path, base: Path, config: MkDocsConfig) -> File:
    name = path.relative_to(base).as_posix()
    return File(name, str(base), config.site_dir, config.use_directory_urls)
