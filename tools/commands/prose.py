"""``python -m tools.commands.prose``: textlint, cspell, markdownlint and our own rules.

The linters know CommonMark; the pages are written for Python-Markdown, and some are notebooks. So
they read copies below .cache/prose, line for line the same, and what they say is said of the
originals. Beside the copies lies what docs/terms.toml tells them, in the form that each reads.
"""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from tools.japanese import (
    LETTER,
    bare_kin,
    counted_twice,
    other_spellings,
    plain_sentences,
    wrong_marks,
)
from tools.pages import (
    CODES,
    DOCS,
    ROOT,
    Page,
    find_pages,
    lines_of_fences,
    sorted_pages,
    split_front_matter,
)
from tools.sentences import MODELS, SHORT, UNITS, Figures, figures
from tools.site.terms import (
    GLOSSARY,
    TERMS,
    TermsError,
    place_of,
    read_terms,
    spellings,
    uses,
)
from tools.words import WORDS as WORDS_OF_THE_SITE

COPIES = ROOT / ".cache" / "prose"
BESIDE_THE_PAGES = ("README.md", "README.ja.md", "CONTRIBUTING.md")
BESIDE_THE_TEXT = (WORDS_OF_THE_SITE, *sorted((DOCS / "assets/diagrams").glob("*.toml")))
PRH = COPIES / "prh.yml"  # as .textlintrc.json says
WORDS = COPIES / "words.txt"  # as cspell.json says
LINTERS = {
    "textlint": ("--format", "unix", ".cache/prose/japanese/**/*.md"),
    "cspell": ("--no-progress", "--no-summary", ".cache/prose/text/**/*.md"),
    "markdownlint-cli2": (".cache/prose/markdown/**/*.md",),
}

HABITS = DOCS / "habits.toml"
NEW_FORM = "abstract"  # the box with the short answer
WORDS_OF_A_SENTENCE = 3
HINTS = {"MD033": "write it in Markdown; styles belong in docs/assets/stylesheets"}

ADVICE = {
    "textlint": "Words (a => b) are those of docs/terms.toml; the rules are in .textlintrc.json.",
    "cspell": "If the word is right, add it to cspell.json, or as a term to docs/terms.toml.",
    "markdownlint-cli2": "The rules (MD…) are in .markdownlint-cli2.yaml.",
}

_ADMONITION = re.compile(r'^(?:!!!|\?\?\?\+?) \w+ "(.*)"$')
_OUTPUT = re.compile(r"^ *`[^`]*`$")
_HTML = re.compile(r"^ *(?:<!--.*-->|</?div\b[^>]*>)$")
_CAPTION = re.compile(r"^!\[.*$", re.M)
_IMAGE = re.compile(r"^!\[([^\]]*)\]\([^)\s]*\)$")
_FOREIGN = re.compile(rf"(?!\|)(?=.*[A-Za-z])(?!.*{LETTER})")
_NO_WORDS = re.compile(r"`[^`]*`|\]\([^)]*\)")  # code, and where links lead
_NAMES = re.compile(r"`[^`]*`|\[[^\]]*\]\([^)]*\)|「[^」]*」|<[^>]*>")
_WORD = re.compile(r"[A-Za-z]+(?=[\s.,:;?!)]|$)")
_ID = re.compile(r" *\{ *#[\w-]+ *\}$")
_TO_A_PAGE = re.compile(r"(?<!「)(?<!^- )\[([^\]]+)\]\(([^)#\s]+\.(?:md|py))[^)]*\)(?!」)")
_MATTER = re.compile(r"(title|description): *(.*)")
_TABLE = re.compile(r"\[([\w.]+)\](?: *#.*)?")
_SAID = re.compile(
    r'(?:"[^"]*"|[\w.-]+?)(?:\.(?P<language>en|ja))? = "(?P<text>(?:[^"\\]|\\.)*)"(?: *#.*)?$'
)
_NO_TEXT = re.compile(r"\{[^}]*\}|<code>[^<]*</code>|</?\w[^>]*>|&\w+;|\\.")  # places, tags
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


def said_beside(path: Path, language: str) -> str:
    """The words of the interface, or of a drawing, in one language, on their lines of the file."""
    table, lines = "", []
    for line in path.read_text("utf-8").splitlines():
        if header := _TABLE.fullmatch(line):
            table = header[1]
        found = _SAID.match(line)
        is_said = found and language in (found["language"], table.removeprefix("text."))
        lines.append(_NO_TEXT.sub("``", found["text"]) if found and is_said else "")
    return "".join(f"{line}\n" for line in lines)


def only_japanese(text: str) -> str:
    """*text* without the lines that nobody has translated yet; tables stay whole."""
    return "".join(f"{'' if _FOREIGN.match(line) else line}\n" for line in text.splitlines())


def waiting_lines(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of what nobody has translated yet on a Japanese page; names and sources stay."""
    for n, line in enumerate(japanese_of(path)[0].splitlines(), 1):
        if _FOREIGN.match(line) and len(_WORD.findall(_NAMES.sub("", line))) >= WORDS_OF_A_SENTENCE:
            yield n, line


def japanese_of(path: Path) -> tuple[str, str]:
    """The Japanese of a file, line for line: all of it, and only its body text.

    The description of a page and the captions of its pictures are no body text.
    """
    if path == TERMS:
        return definitions("ja"), definitions("ja")
    markdown = as_commonmark(path.read_text("utf-8"))
    matter, _ = split_front_matter(markdown)
    head = len(matter.splitlines()) + 2 if matter else 0
    body = text_of(_CAPTION.sub("", markdown)).splitlines()[head:]
    return text_of(markdown), "\n" * head + "\n".join(body)


def japanese_files() -> list[Path]:
    """Every file with Japanese in it that these rules are about."""
    return [path for path, language in _sources() if language == "ja"] + [TERMS]


def wrong_japanese(path: Path) -> list[str]:
    """What the rules of tools/japanese.py say of one file, as path:line: message."""
    whole, body = map(only_japanese, japanese_of(path))
    found = sorted({*wrong_marks(whole), *plain_sentences(body)})
    return _at(path, found)


def wrong_fragments(path: Path) -> list[str]:
    """What is wrong with the marks of Japanese that is no sentence, as path:line: message."""
    lines = enumerate(said_beside(path, "ja").splitlines(), 1)
    return _at(path, [(n, message) for n, line in lines for _, message in wrong_marks(line)])


def _at(path: Path, found: list[tuple[int, str]]) -> list[str]:
    return [f"{path.relative_to(ROOT)}:{n}: {message}" for n, message in found]


def spelled_twice() -> list[str]:
    """Katakana words that are spelled in two ways, as path:line: message."""
    texts = {path.relative_to(ROOT).as_posix(): japanese_of(path)[0] for path in japanese_files()}
    return [f"{name}:{n}: {message}" for name, n, message in other_spellings(texts)]


def unused_terms() -> list[str]:
    """Terms by a name that no page uses, as path:line: message."""
    found = []
    for language in CODES:
        text = "\n".join(page.prose for page in find_pages(language) if page.name != GLOSSARY)
        for term in read_terms():
            if not uses(text, term.name[language], language):
                found.append(
                    f"{place_of(term.chapter, term.id)}: no page in docs/{language} says "
                    f"“{term.name[language]}”: call the term what {term.page} calls it, or use it"
                )
    return found


def joined_otherwise() -> list[str]:
    """English terms with other hyphens than in docs/terms.toml, as path:line: message.

    Titles of pages may be what they are.
    """
    titles = {str(page.front_matter.get("title")).lower() for page in find_pages("en")}
    forms = [form for term in read_terms() for form in term.forms["en"]]
    found = []
    for path in sorted_pages(DOCS / "en"):
        text = text_of(as_commonmark(path.read_text("utf-8")))
        for n, line in enumerate(text.splitlines(), 1):
            for said, form in _joined_otherwise(_NO_WORDS.sub("``", line), forms):
                if not any(said.lower() in title for title in titles):
                    at = f"{path.relative_to(ROOT)}:{n}"
                    found.append(f"{at}: “{said}”: docs/{TERMS.name} writes “{form}”")
    return found


def _joined_otherwise(line: str, forms: list[str]) -> Iterator[tuple[str, str]]:
    for form in forms:
        parts = re.split(r"[ -]", form)
        if len(parts) > 1:
            pattern = rf"(?<![\w-]){'[ -]?'.join(map(re.escape, parts))}(?![\w-])"
            for said in re.findall(pattern, line, re.I):
                if said.lower() != form.lower():
                    yield said, form


def in_the_new_form() -> list[Page]:
    """The pages that have the short answer at their top, of both languages."""
    pages = [page for code in CODES for page in find_pages(code)]
    return [page for page in pages if NEW_FORM in page.admonitions]


def habits_of(page: Page) -> list[str]:
    """Which of docs/habits.toml *page* has, and words that its readers do not type."""
    text = text_of(as_commonmark(page.path.read_text("utf-8")))
    text = "\n".join(_NO_WORDS.sub("``", line) for line in text.splitlines())
    found = []
    for habit in tomllib.loads(HABITS.read_text("utf-8"))[page.language]:
        places = list(re.finditer(habit["find"], text, re.M))
        if len(places) > habit.get("most", 0):
            found += [(_line(text, at), _advice(at[0], habit)) for at in places]
    if page.language == "ja":
        found += counted_twice(text)
    return _at(page.path, sorted(found))


def _line(text: str, at: re.Match[str]) -> int:
    start = at.start() + len(at[0]) - len(at[0].lstrip())
    return text.count("\n", 0, start) + 1


def _advice(said: str, habit: dict[str, Any]) -> str:
    most = f", at most {habit['most']} on a page" if "most" in habit else ""
    return f"“{said.strip()}”{most}: write {habit['write']} (docs/{HABITS.name})"


def kin_by_half_a_name() -> list[str]:
    """Japanese pages that say 子 or 親, and nowhere 子プロセス, 親プロセス."""
    return [
        message
        for path in sorted_pages(DOCS / "ja")
        for message in _at(path, [*bare_kin(text_of(as_commonmark(path.read_text("utf-8"))))])
    ]


def titles_in_sentences() -> list[str]:
    """Links on Japanese pages that are called what the page is called, and not quoted."""
    titles = {page.name: str(page.front_matter.get("title")) for page in find_pages("ja")}
    found = []
    for page in find_pages("ja"):
        for n, line in enumerate(page.text.splitlines(), 1):
            for link in _TO_A_PAGE.finditer(line):
                name = posixpath.normpath(posixpath.join(posixpath.dirname(page.name), link[2]))
                if titles.get(name) == link[1]:
                    at = f"{page.path.relative_to(ROOT)}:{n}"
                    found.append(f"{at}: “{link[1]}” is the title of a page: write 「{link[0]}」")
    return found


RULES_OF_ALL_PAGES = (
    spelled_twice,
    unused_terms,
    joined_otherwise,
    titles_in_sentences,
    kin_by_half_a_name,
)


def own_rules() -> list[str]:
    """What no linter sees."""
    of_files = [message for path in japanese_files() for message in wrong_japanese(path)]
    of_files += [message for path in BESIDE_THE_TEXT for message in wrong_fragments(path)]
    of_files += [message for page in in_the_new_form() for message in habits_of(page)]
    return [*of_files, *(message for rule in RULES_OF_ALL_PAGES for message in rule())]


def report(*, by_page: bool) -> Iterator[str]:
    """How the pages read, in figures, a line each: beside the model, or each page alone."""
    for code in CODES:
        pages = find_pages(code)
        label, model = MODELS[code]
        yield f"{'':44} sentences  {UNITS[code]:>10}  {f'<= {SHORT[code]}':>6}  joined"
        yield _row(label, model)
        yield _row(f"docs/{code}", figures([page.prose for page in pages], code))
        for page in pages if by_page else ():
            yield _row(page.id, figures([page.prose], code))


def _row(label: str, said: Figures) -> str:
    return (
        f"{label:44} {said.sentences:9}  {said.length:10.1f}  {said.short:6.1%}  {said.joined:6.1f}"
    )


def copy_all() -> None:
    """Write the copies, and what docs/terms.toml tells the linters."""
    shutil.rmtree(COPIES, ignore_errors=True)
    for path, language in _sources():
        markdown = as_commonmark(path.read_text("utf-8"))
        _write(path, "markdown", markdown)
        _write(path, f"text/{language}", text_of(markdown))
    for language in CODES:
        _write(TERMS, f"text/{language}", definitions(language))
        for path in BESIDE_THE_TEXT:
            _write(path, f"text/{language}", said_beside(path, language))
    for path in japanese_files():
        _write(path, "japanese", only_japanese(japanese_of(path)[0]))
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
    copies = rf"(?:{re.escape(str(ROOT))}/)?\.cache/prose/(?:markdown|japanese|text/\w\w)/"
    said = re.sub(copies, "", said)
    for rule, hint in HINTS.items():
        said = re.sub(rf"^(.* {rule}\b.*)$", rf"\1: {hint}", said, flags=re.M)
    return re.sub(r"(\.(?:py|toml))\.md\b", r"\1", said)


def main(*arguments: str) -> int:
    """Run all linters at once; 0 where neither they nor our own rules found anything.

    Then say how the pages read, with ``--pages`` each of them.
    """
    try:
        copy_all()
    except TermsError as error:
        print(error, file=sys.stderr)
        return 1
    with ThreadPoolExecutor() as pool:
        running = pool.map(run, LINTERS)
        ours = own_rules()
        results = list(running)
    for linter, (status, said) in zip(LINTERS, results, strict=True):
        if status:
            print(f"{said.strip()}\n{linter}: {ADVICE[linter]}\n", file=sys.stderr)
    for message in ours:
        print(message, file=sys.stderr)
    print("How the pages read (sentences, their length, short ones, connectives per 100):")
    print(*report(by_page="--pages" in arguments), sep="\n")
    return int(bool(ours) or any(status for status, _ in results))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
