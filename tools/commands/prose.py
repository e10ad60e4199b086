"""``python -m tools.commands.prose``: textlint, cspell and markdownlint over the pages.

The linters know CommonMark; the pages are written for Python-Markdown, and some are notebooks. So
they read copies below .cache/prose, line for line the same, and what they say is said of the
originals. Beside the copies lies what docs/terms.toml tells them, in the form that each reads.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

from tools.pages import CODES, DOCS, ROOT, lines_of_fences, sorted_pages, split_front_matter
from tools.site.terms import TERMS, read_terms, spellings

COPIES = ROOT / ".cache" / "prose"
BESIDE_THE_PAGES = ("README.md", "README.ja.md", "CONTRIBUTING.md")
PRH = COPIES / "prh.yml"  # as .textlintrc.json says
WORDS = COPIES / "words.txt"  # as cspell.json says
LINTERS = {
    "textlint": ("--format", "unix", ".cache/prose/text/ja/**/*.md"),
    "cspell": ("--no-progress", "--no-summary", ".cache/prose/text/**/*.md"),
    "markdownlint-cli2": (".cache/prose/markdown/**/*.md",),
}

_ADMONITION = re.compile(r'^(?:!!!|\?\?\?\+?) \w+ "(.*)"$')
_OUTPUT = re.compile(r"^ *`[^`]*`$")
_HTML = re.compile(r"^ *(?:<!--.*-->|</?div\b[^>]*>)$")
_IMAGE = re.compile(r"^!\[([^\]]*)\]\([^)\s]*\)$")
_ID = re.compile(r" *\{ *#[\w-]+ *\}$")
_MATTER = re.compile(r"(title|description): *(.*)")
_DEFINED = re.compile(r'define\.(en|ja) = "(.*)"')


def as_commonmark(text: str) -> str:
    """A page as Markdown, line for line: in a notebook, cells become fences."""
    if not text.startswith("# ---"):
        return text
    lines: list[str] = []
    is_code = False
    for line in text.splitlines():
        if line.startswith("# %%"):
            was_code, is_code = is_code, line == "# %%"
            if was_code and not is_code:
                lines[-1] = "```"
            lines.append("```python" if is_code and not was_code else "")
        else:
            lines.append(line if is_code else line.removeprefix("#").removeprefix(" "))
    return "\n".join([*lines, *["```"] * is_code]) + "\n"


def text_of(markdown: str) -> str:
    """Of a page's Markdown only what is in a human language, line for line."""
    matter, body = split_front_matter(markdown)
    head = ["", *map(_text_of_matter, matter.splitlines()), ""] if matter else []
    return "\n".join([*head, *_text_of_body(body)]) + "\n"


def _text_of_matter(line: str) -> str:
    found = _MATTER.match(line)
    if not found:
        return ""
    return f"{'# ' if found[1] == 'title' else ''}{yaml.safe_load(found[2])}"


def _text_of_body(body: str) -> Iterator[str]:
    fences, in_admonition = lines_of_fences(body), False
    for number, line in enumerate(body.splitlines()):
        if number in fences:
            yield ""
        elif title := _ADMONITION.match(line):
            in_admonition = True
            yield f"#### {title[1]}"
        elif image := _IMAGE.match(line):
            yield image[1]
        elif _HTML.match(line) or _OUTPUT.match(line):
            yield ""
        else:
            in_admonition = in_admonition and (not line or line.startswith("    "))
            yield _ID.sub("", line.removeprefix("    " * in_admonition))


def definitions(language: str) -> str:
    """What the terms are said to mean, on the lines where docs/terms.toml says it."""
    found = [_DEFINED.fullmatch(line) for line in TERMS.read_text("utf-8").splitlines()]
    return "".join(f"{m[2] if m and m[1] == language else ''}\n" for m in found)


def copy_all() -> None:
    """Write the copies, and what docs/terms.toml tells the linters."""
    shutil.rmtree(COPIES, ignore_errors=True)
    for path, language in _sources():
        markdown = as_commonmark(path.read_text("utf-8"))
        _write(path, "markdown", markdown)
        _write(path, f"text/{language}", text_of(markdown))
    for language in CODES:
        _write(TERMS, f"text/{language}", definitions(language))
    rules = [
        {"expected": right, "patterns": [prh_pattern(right, form) for form in forms]}
        for right, forms in spellings().items()
    ]
    PRH.write_text(yaml.safe_dump({"version": 1, "rules": rules}, allow_unicode=True), "utf-8")
    names = {form for term in read_terms() for form in term.forms["en"]}
    WORDS.write_text("\n".join(sorted(names)), "utf-8")


def _sources() -> Iterator[tuple[Path, str]]:
    for language in CODES:
        for path in sorted_pages(DOCS / language):
            yield path, language
    for name in BESIDE_THE_PAGES:
        yield ROOT / name, "ja" if ".ja." in name else "en"


def _write(source: Path, folder: str, text: str) -> None:
    name = source.relative_to(ROOT).as_posix()
    copy = COPIES / folder / (name if name.endswith(".md") else f"{name}.md")
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(text, "utf-8")


def prh_pattern(right: str, wrong: str) -> str:
    """サーバ is wrong only where サーバー is not meant."""
    if right.startswith(wrong):
        return f"/{wrong}(?!{right.removeprefix(wrong)})/"
    return wrong


def run(linter: str) -> tuple[int, str]:
    """The exit status of *linter* and what it says of the originals."""
    done = subprocess.run(
        [ROOT / "node_modules" / ".bin" / linter, *LINTERS[linter]],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return done.returncode, _of_the_originals(done.stdout)


def _of_the_originals(said: str) -> str:
    said = re.sub(rf"(?:{re.escape(str(ROOT))}/)?\.cache/prose/(?:markdown|text/\w\w)/", "", said)
    return re.sub(r"(\.(?:py|toml))\.md\b", r"\1", said)


def main() -> int:
    """Run all linters at once; 0 where none found anything."""
    copy_all()
    with ThreadPoolExecutor() as pool:
        results = list(pool.map(run, LINTERS))
    for linter, (status, said) in zip(LINTERS, results, strict=True):
        if status:
            print(f"{linter}, exit status {status}:\n{said.strip()}\n", file=sys.stderr)
    return int(any(status for status, _ in results))


if __name__ == "__main__":
    sys.exit(main())
