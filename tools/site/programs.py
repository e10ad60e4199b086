"""From a fence to a program, in one step, while Markdown reads the page.

Fences are read before anything is included, so each still says what it shows. Below the last fence
of a program come the words to copy and to download it whole, and its Run buttons, or why there are
none; and its output is told whose it is. Where that cannot be, a strict build fails: no program
loses its buttons in silence.
"""

from __future__ import annotations

import re
from typing import Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from pymdownx.snippets import SnippetMissingError
from pymdownx.superfences import SuperFencesException, highlight_validator

from runner import EXAMPLES, Example, find_examples
from tools.pages import Include, find_include
from tools.site.lab_places import place_of
from tools.site.languages import language_of
from tools.site.messages import warn
from tools.site.transcripts import outputs_of

EXTENSION = f"{__name__}:Programs"  # as Python-Markdown finds it

_STATUS = re.compile(r'<span class="go">(?=\? \S+</span>\s*</code>)')


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
        self.examples = {example.source for example in find_examples()}
        self.places: dict[str, list[int]] = {}  # by program: for each fence one in md.htmlStash
        self.typed: list[str] = []  # lines of fences that are no include
        self.outputs: dict[str, str] = {}  # which are shown: their programs, or ""

    def read(self, src: str, **fence: Any) -> str:
        """The HTML of one fence; pymdownx.superfences tells what stands in it and above."""
        try:
            return self._read(src, **fence)
        except Exception as error:  # of any other kind, superfences would take it for no fence
            raise SuperFencesException(f"{self.page.file.src_uri}: {error}") from error

    def _read(self, src: str, **fence: Any) -> str:
        include = find_include(src)
        self._check_title(fence["options"].get("title"), include)
        self.typed += [] if include else src.splitlines()
        try:
            text = "\n".join(self.snippets.run(src.splitlines()))
        except SnippetMissingError as error:
            warn(self.page, src.strip(), f"{error}.")
            return ""
        if include is None:
            return str(self.highlight(text, **fence))
        if include.is_output:
            return self._output(include, text, **fence)
        return self._program(include.path, text, **fence)

    def run(self, lines: list[str]) -> list[str]:
        """Fill the last place of each program."""
        self._check_includes([*lines, *self.typed])
        for name, places in self.places.items():
            place = place_of(Example(EXAMPLES / name), len(places), self.page, self.config)
            self.md.htmlStash.rawHtmlBlocks[places[-1]] = place
            if name not in self.outputs.values():
                output = f'--8<-- "{name.rpartition(".")[0]}.out"'
                message = f"{name} has no output below it. Show it in a console fence: {output}"
                warn(self.page, f'--8<-- "{name}', message)
        for path in (path for path, name in self.outputs.items() if not name):
            warn(
                self.page,
                f'--8<-- "{path}',
                f"{path} must stand below its program, on the same page.",
            )
        return lines

    def _program(self, name: str, text: str, **fence: Any) -> str:
        html = str(self.highlight(text, **fence))
        if EXAMPLES / name not in self.examples:  # it serves one, which gives it to the reader
            return html
        place = self.md.htmlStash.store("")
        self.places.setdefault(name, []).append(self.md.htmlStash.html_counter - 1)
        return f"{html.removesuffix('</div>')}{place}</div>"

    def _output(self, include: Include, text: str, classes: list[str], **fence: Any) -> str:
        name = next((name for name in self.places if include.is_output_of(name)), "")
        self.outputs[include.path] = name

        def write(output: str, in_lab: bool) -> str:
            fence["attrs"] = {"data-transcript": name} if in_lab else {}
            html = self.highlight(output, classes=[*classes, "no-copy"], **fence)
            return _STATUS.sub('<span class="go exit-status">', html)

        if not name:
            return write(text, False)
        language = language_of(self.config).code
        return outputs_of(Example(EXAMPLES / name), text, write, language)

    def _check_title(self, title: str | None, include: Include | None) -> None:
        """Only a program has a title, which is its own."""
        if include and not include.is_output and title != include.path:
            warn(
                self.page,
                f'--8<-- "{include.path}',
                f'this fence shows {include.path}, so it needs title="{include.path}": '
                "the reader knows the program by it.",
            )
        elif title and (not include or include.is_output):
            warn(
                self.page,
                f'title="{title}"',
                f'title="{title}" is for a program of examples/, and this fence includes none. '
                f'Include it (--8<-- "{title}"), or leave the title out.',
            )

    def _check_includes(self, lines: list[str]) -> None:
        """Warn of each include that is left in *lines*: nothing has read it as a program."""
        for line in lines:
            if line.strip().startswith("--8<--"):
                warn(
                    self.page,
                    line.strip(),
                    f"{line.strip()} is not alone in a fence that Markdown can read, so there is "
                    "neither a Run button nor a reason for none. Look at the lines around it: a "
                    'fence begins with ```python title="chapter/slug.py" and has one include.',
                )
