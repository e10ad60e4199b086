"""From a fence to a program, in one step, while Markdown reads the page.

Fences are read before anything is included, so each still says what it shows. The title of a
program becomes the link that downloads it; below its last fence come its Run buttons, or why there
are none; and its output is told whose it is. Where that cannot be, a strict build fails: no program
loses its buttons in silence.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url
from pymdownx.snippets import SnippetMissingError
from pymdownx.superfences import highlight_validator

from runner import EXAMPLES, Example
from tools.pages import ROOT, Include, find_include
from tools.site.lab_places import place_of
from tools.site.languages import language_of
from tools.site.transcripts import outputs_of

log = get_plugin_logger("programs")

EXTENSION = f"{__name__}:Programs"  # as Python-Markdown finds it

_STATUS = re.compile(r'<span class="go">(?=\? \S+</span>\s*</code>)')


def read_fences(page: Page, config: MkDocsConfig) -> None:
    """Let the Markdown of *config*, which is going to convert *page*, read its fences here."""
    if EXTENSION not in config.markdown_extensions:
        config.markdown_extensions.append(EXTENSION)
    config.mdx_configs[EXTENSION] = {"page": page, "config": config}


class Programs(Extension):
    """Lets a Reader read the fences of *page*."""

    def __init__(self, page: Page, config: MkDocsConfig) -> None:
        super().__init__()
        self.page, self.site = page, config

    def extendMarkdown(self, md: Markdown) -> None:
        """Turn the order round: first fences, which superfences read at 25, then snippets."""
        steps: Any = md.preprocessors
        reader = Reader(md, self.page, self.site)
        fences = steps["fenced_code_block"].extension
        fences.extend_super_fences("*", reader.read, highlight_validator, None)
        steps.register(reader, "programs", 24)
        steps.register(steps["snippet"], "snippet", 23)


class Reader(Preprocessor):
    """The fences of one page, read one by one, and its programs when all were read."""

    def __init__(self, md: Markdown, page: Page, config: MkDocsConfig) -> None:
        super().__init__(md)
        steps: Any = md.preprocessors
        self.highlight = steps["fenced_code_block"].highlight
        self.snippets = steps["snippet"]
        self.page, self.config = page, config
        self.places: dict[str, list[int]] = {}  # by program: for each fence one in md.htmlStash
        self.without_output: set[str] = set()

    def read(self, src: str, **fence: Any) -> str:
        """The HTML of one fence; pymdownx.superfences tells what stands in it and above."""
        include = find_include(src)
        self._check_title(fence["options"].get("title"), include)
        self._check_includes([] if include else src.splitlines())
        try:
            src = "\n".join(self.snippets.run(src.splitlines()))
        except SnippetMissingError as error:
            self._warn(src, f"{error}.")
            return ""
        if include is None:
            return str(self.highlight(src, **fence))
        if include.is_output:
            return self._output(include, src, **fence)
        return self._program(include.path, src, **fence)

    def run(self, lines: list[str]) -> list[str]:
        """Fill the last place of each program."""
        self._check_includes(lines)
        for name, places in self.places.items():
            place = place_of(Example(EXAMPLES / name), len(places), self.page, self.config)
            self.md.htmlStash.rawHtmlBlocks[places[-1]] = place
        for name in sorted(self.without_output):
            output = f'--8<-- "{name.rpartition(".")[0]}.out"'
            self._warn(f'"{name}', f"{name} has no output below it. Show it in a fence: {output}")
        return lines

    def _program(self, name: str, src: str, options: dict[str, Any], **fence: Any) -> str:
        href = get_relative_url(f"examples/{name}", language_of(self.config).folder + self.page.url)
        label = self.config.extra["words"]["download"].format(name=name)
        link = f'<a href="{href}" download aria-label="{label}" title="{label}">{name}</a>'
        html = self.highlight(
            src, options={**options, "title": link, "title_mode": "html"}, **fence
        )
        stash = self.md.htmlStash
        place = stash.store("")
        self.places.setdefault(name, []).append(stash.html_counter - 1)
        self.without_output.add(name)
        return f"{html.removesuffix('</div>')}{place}</div>"

    def _output(self, include: Include, src: str, classes: list[str], **fence: Any) -> str:
        name = next((name for name in self.places if include.is_output_of(name)), "")
        if not name:
            self._warn(src, f"{include.path} must stand below its program, on the same page.")
        self.without_output.discard(name)

        def write(output: str, in_lab: bool) -> str:
            fence["attrs"] = {"data-transcript": name} if in_lab else {}
            html = str(self.highlight(output, classes=[*classes, "no-copy"], **fence))
            return _STATUS.sub('<span class="go exit-status">', html)

        if not name:
            return write(src, False)
        words = self.config.extra["words"]["transcripts"]
        return outputs_of(Example(EXAMPLES / name), src, write, words)

    def _check_title(self, title: str | None, include: Include | None) -> None:
        """Only a program has a title, which is its own."""
        if include and not include.is_output and title != include.path:
            self._warn(
                f'"{include.path}',
                f'this fence shows {include.path}, so it needs title="{include.path}": '
                "the reader knows and downloads the program by it.",
            )
        elif title and (not include or include.is_output):
            self._warn(
                f'title="{title}"',
                f"title is for a program of examples/, and this fence does not include one. "
                f'Include it (--8<-- "{title}"), or leave the title out.',
            )

    def _check_includes(self, lines: list[str]) -> None:
        """Warn of each include that is left in *lines*: nothing has read it as a program."""
        for line in lines:
            if line.strip().startswith("--8<--"):
                self._warn(
                    line.strip(),
                    f"{line.strip()} is not alone in a fence that Markdown can read, so there is "
                    "neither a Run button nor a reason for none. Look at the lines around it: a "
                    'fence begins with ```python title="chapter/slug.py" and has one include.',
                )

    def _warn(self, found: str, message: str) -> None:
        """Say what is wrong where the source of the page has *found*."""
        source = Path(str(self.page.file.abs_src_path))
        lines = enumerate(source.read_text("utf-8").splitlines(), 1)
        number = next((number for number, line in lines if found in line), 1)
        log.warning(f"{source.relative_to(ROOT).as_posix()}:{number}: {message}")
