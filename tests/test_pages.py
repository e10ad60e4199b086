"""Every page shows only what ran: programs and transcripts are includes, and none is left out."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

import markdown
import pytest
from bs4 import BeautifulSoup, Tag
from mkdocs.config import load_config
from pytest_examples import find_examples as find_snippets

from runner import EXAMPLES, Example, find_examples
from runner.source import Source
from tests.support.fences import MARK, leading_list, shown_lines
from tests.support.form import visible_prose
from tests.support.places import place_of, shown
from tools import pages
from tools.commands.measure import MEASUREMENTS
from tools.pages import CODES, ROOT, Fence, Page, find_fences, find_pages

PAGES = [page for language in CODES for page in find_pages(language)]
SOURCES = {example.source for example in find_examples()}
PROGRAMS = {"python": ".py", "c": ".c", "ruby": ".rb"}
KINDS = (*PROGRAMS, "console", "sh")
FRONT_MATTER = ("title", "description", "symptoms", "translates", "ahead", "search", "jupyter")
SITE = re.compile(r"^site_url:.*?(https?://[^\"\]]+)", re.M)
LINES_SHOWN = 30
TITLE = {"en": 60, "ja": 40}  # characters that a list of results shows
DESCRIPTION = {"en": 155, "ja": 120}
WORDS = 950  # that are read without opening anything
ADMONITIONS = 5  # four folded parts and the box at the top
GROW = ("reference/errata.md", "contributing.md")  # to look things up in
EXPLAINS_MARKS = "how-to-read.md"  # shows each mark by a broken program, with none repaired

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
every_example = pytest.mark.parametrize("example", find_examples(), ids=lambda e: e.id)


def place(page: Page, fence: Fence) -> str:
    return f"{page.path.relative_to(ROOT)}:{fence.line}"


def programs(page: Page) -> list[Fence]:
    return [fence for fence in page.fences if fence.language in PROGRAMS and fence.include]


def examples(page: Page) -> list[Fence]:
    """Without what only serves a program: a configuration, say."""
    return [fence for fence in programs(page) if fence.include and fence.include.file in SOURCES]


@cache
def renderer() -> markdown.Markdown:
    config = load_config(str(ROOT / "mkdocs.yml"))
    return markdown.Markdown(
        extensions=config.markdown_extensions, extension_configs=config.mdx_configs
    )


@every_page
def test_no_fence_hides(page: Page) -> None:
    """What the site's own Markdown parser renders as code is what the checks below have seen."""
    lines = page.text.splitlines()
    for fence in page.fences:
        assert re.match(r"```[^`]", lines[fence.line - 1].strip()), (
            f"{place(page, fence)}: open and close a block of code with three backticks and name "
            "its language, ```python: other blocks escape some of the checks"
        )
        assert fence.language in KINDS, f"{place(page, fence)}: {unknown_kind(fence)}"
    html = BeautifulSoup(renderer().reset().convert(page.body), "html.parser")
    rendered = [(language_of(block), block) for block in html.select("div.highlight")]
    unseen = Counter(language for language, _ in rendered)
    unseen.subtract(fence.language for fence in page.fences)
    for language, block in rendered:
        first = block.get_text().strip().partition("\n")[0]
        assert not unseen[language], (
            f"{place_of(page, first)}: Markdown makes a block of code of this ({language}), which "
            "the checks do not see: put it between ```sh and ```, or take its indent away"
        )
    if not page.is_notebook:
        found = list(find_snippets(page.path))
        fences = [fence for fence in page.fences if fence.language == "python"]
        assert len(found) == len(fences), f"{shown(page)}: a Python fence is not seen as a snippet"


def unknown_kind(fence: Fence) -> str:
    return f"{fence.language} is none of {', '.join(KINDS)}: a block of code is of one of these"


def language_of(block: Tag) -> str:
    names = block.get_attribute_list("class")
    return next(str(name).removeprefix("language-") for name in names if "language-" in str(name))


@every_page
def test_every_fence_is_of_a_known_kind(page: Page) -> None:
    for fence in page.fences:
        at = place(page, fence)
        if fence.language in PROGRAMS:
            inline = fence.language == "python" and not fence.include
            assert inline or fence.include, f"{at}: a {fence.language} program must be an include"
            assert fence.is_cell == (inline and page.is_notebook), f"{at}: not a cell of a notebook"
        elif fence.language == "console":
            assert fence.include, f"{at}: output is typed; include the transcript of a script"
            assert fence.include.path.endswith(".out"), f"{at}: a transcript is an .out file"
        else:
            assert fence.language in KINDS, f"{at}: {unknown_kind(fence)}"
            assert "$ " not in fence.body, f"{at}: what a reader types has no prompt"


@every_page
def test_every_include_resolves_and_is_titled(page: Page) -> None:
    for fence in page.fences:
        if not fence.include:
            continue
        at, file = place(page, fence), fence.include.file
        assert file.is_file(), f"{at}: {fence.include.path} does not exist"
        if fence.language in PROGRAMS:
            assert file.suffix == PROGRAMS[fence.language], f"{at}: not a {fence.language} file"
            assert fence.title == fence.include.path, f"{at}: title must be {fence.include.path!r}"


@every_page
def test_a_transcript_follows_its_program(page: Page) -> None:
    waiting: str | None = None
    for fence in page.fences:
        if not fence.include:
            continue
        at, shown = place(page, fence), fence.include.path.rpartition(".")[0]
        if fence.language == "console":
            assert waiting == shown, f"{at}: {shown}.out follows {waiting}, not its program"
            waiting = None
        elif fence.include.file in SOURCES:
            assert waiting in (None, shown), f"{at}: the transcript of {waiting} is missing"
            waiting = shown
    assert waiting is None, f"{page.path.name}: the transcript of {waiting} is missing"


@every_page
def test_a_program_is_shown_whole_and_in_glances(page: Page) -> None:
    shown: dict[Path, list[str]] = {}
    for fence in programs(page):
        at = place(page, fence)
        lines = shown_lines(fence, at)
        assert len(lines) <= LINES_SHOWN, f"{at}: {len(lines)} lines; show it in sections"
        assert fence.include
        shown.setdefault(fence.include.file, []).extend(lines)
    for file, lines in shown.items():
        whole = Source(file).body.splitlines()
        expected = [line for line in whole if line and "--8<-- [" not in line]
        assert [line for line in lines if line] == expected, f"{file.name} is not shown whole"


@every_page
def test_every_annotation_mark_is_explained(page: Page) -> None:
    for fence in programs(page):
        at = place(page, fence)
        marks = [int(n) for n in re.findall(MARK, "\n".join(shown_lines(fence, at)), re.M)]
        listed = [int(n) for n in leading_list(fence.following)]
        assert sorted(marks) == listed, f"{at}: {not_explained(marks, listed)}"


def not_explained(marks: list[int], listed: list[int]) -> str:
    """What to do where a program has other *marks* than the list below it."""
    said = f"the program has the marks {sorted(marks)}, and {listed} are explained: "
    if lacking := sorted({*marks} - {*listed}):
        return (
            f"{said}explain {lacking[0]} in a numbered list below the program, or remove its mark"
        )
    if idle := sorted({*listed} - {*marks}):
        return f"{said}write # ({idle[0]})! behind the line that {idle[0]} is about, or remove it"
    return f"{said}write each once, in the order of their numbers"


@every_page
def test_marks_agree_with_settings(page: Page) -> None:
    for fence in examples(page):
        assert fence.include
        settings, at = Example(fence.include.file).settings, place(page, fence)
        never_ends = settings.expect in ("timeout", "SIGALRM") or settings.leftovers
        wanted = {
            True: ("deadlocks",),
            False: ("crashes",) if settings.expect != "0" else (None, "surprises"),
        }[bool(never_ends)]
        assert fence.mark in wanted, (
            f"{at}: marked {fence.mark}, but its settings say {wanted[0] or 'it ends well'}"
        )


@every_page
def test_a_broken_program_is_followed_by_a_repaired_one(page: Page) -> None:
    if page.name == EXPLAINS_MARKS:
        return
    marks = [fence.mark for fence in examples(page)]
    assert not marks or marks[-1] is None, f"{page.id}: the last program shown is a broken one"


@every_page
def test_a_file_that_serves_a_program_is_shown_beside_it(page: Page) -> None:
    found = list(serving_nothing(page))
    assert not found, "\n".join(found)


def serving_nothing(page: Page) -> Iterator[str]:
    """A file that no program of the page needs: no reader of the page could download it."""
    shown = [Example(fence.include.file) for fence in examples(page) if fence.include]
    beside = {path for example in shown for path in example.siblings}
    for fence in programs(page):
        assert fence.include
        if fence.include.file not in (*beside, *SOURCES):
            yield (
                f"{place(page, fence)}: no program of this page needs {fence.include.path}: show "
                f'one that does and says so, files = ["{fence.include.file.name}"] in its settings'
            )


def test_a_file_that_serves_nothing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "EXAMPLES", tmp_path)
    monkeypatch.setattr(pages, "DOCS", ROOT / "docs" / ".nowhere")
    monkeypatch.setattr(Page, "text", "".join(fence(f"a/{name}.py") for name in ("main", "pool")))
    main = tmp_path / "a/main.py"
    main.parent.mkdir()
    main.write_text("")
    main.with_name("pool.py").write_text("")
    monkeypatch.setattr(f"{__name__}.SOURCES", {main})
    (message,) = serving_nothing(Page("en", "p.md"))
    assert "p.md:5: no program of this page needs a/pool.py: show one that does" in message
    main.with_suffix(".toml").write_text('files = ["pool.py"]')
    assert list(serving_nothing(Page("en", "p.md"))) == []


def fence(path: str) -> str:
    return f'```python title="{path}"\n--8<-- "{path}"\n```\n\n'


@every_page
def test_size_of_a_page(page: Page) -> None:
    boxes = page.admonitions
    assert len(boxes) <= ADMONITIONS, f"{shown(page)}: {len(boxes)} boxes, at most {ADMONITIONS}"
    if page.language == "en" and page.name not in GROW:
        words = len(re.findall(r"\w+", re.sub(r"\]\([^)]*\)", "]", visible_prose(page))))
        assert words <= WORDS, (
            f"{shown(page)}: {words} words are not folded, at most {WORDS}: shorten or split it"
        )


@every_page
def test_the_file_of_a_page(page: Page) -> None:
    content = page.path.read_bytes()
    assert not content.startswith(BOM_UTF8), (
        f"{shown(page)}:1: begins with a byte order mark, so no front matter is seen; "
        "save it as UTF-8 without BOM"
    )
    first = content.partition(b"\r")[0].count(b"\n") + 1
    assert b"\r" not in content, f"{shown(page)}:{first}: ends in CR; save it with LF line ends"


@every_page
def test_front_matter_and_headings(page: Page) -> None:
    matter = page.front_matter
    for key in map(str, matter):
        assert key in FRONT_MATTER, f"{place_of(page, f'{key}:')}: {unknown_key(key)}"
    assert matter.get("title"), (
        f"{shown(page)}:1: no title; begin the file with three lines: ---, title: …, ---"
    )
    assert not set('"<>') & set(str(matter.get("description"))), (
        f'{place_of(page, "description:")}: no " and no < or > here: the theme puts it into an '
        "attribute as it is"
    )
    for level, title, identifier in page.headings:
        heading = "#" * level + f" {title}"
        assert identifier, (
            f"{place_of(page, heading)}: the heading “{title}” has no id: write "
            f"“{heading} {{ #a-short-name }}”, with one name in both languages"
        )
    levels = [level for level, _, _ in page.headings]
    assert levels.count(1) == 1, f"{shown(page)}: {levels.count(1)} headings with one #; one it is"
    heading = next(title for level, title, _ in page.headings if level == 1)
    names = (str(matter["title"]), heading, str(matter.get("description", "")))
    found = list(wrong_names(page.language, *names))
    assert not found, "\n".join(f"{place_of(page, said)}: {message}" for said, message in found)
    ids = Counter(identifier for _, _, identifier in page.headings)
    twice = [identifier for identifier, count in ids.items() if count > 1]
    assert not twice, f"{place_of(page, f'#{twice[0]} ')}: another heading has this id; change one"


def wrong_names(
    language: str, title: str, heading: str, description: str
) -> Iterator[tuple[str, str]]:
    """(what is written, message) of what a list of results would cut, or call otherwise."""
    if len(title) > (most := TITLE[language]):
        yield (
            "title:",
            f"the title has {len(title)} characters; at most {most} are shown where the page is "
            "found: shorten it, here and in the heading",
        )
    if heading != title:
        yield (
            f"# {heading}",
            f"the heading says “{heading}”, the front matter “{title}”: write the same in both",
        )
    most = DESCRIPTION[language]
    if not 0 < len(description) <= most:
        yield (
            "description:",
            f"the description in the front matter has {len(description)} characters; 1 to {most} "
            "are shown where the page is found",
        )


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (
            ("en", "T" * 61, "T" * 61, "D"),
            "the title has 61 characters; at most 60 are shown where",
        ),
        (("ja", "あ" * 41, "あ" * 41, "D"), "the title has 41 characters; at most 40 are shown"),
        (("en", "T", "U", "D"), "the heading says “U”, the front matter “T”: write the same in"),
        (("en", "T", "T", ""), "the description in the front matter has 0 characters; 1 to 155"),
        (("en", "T", "T", "D" * 156), "the description in the front matter has 156 characters"),
        (("ja", "T", "T", "あ" * 121), "front matter has 121 characters; 1 to 120 are shown"),
        (("ja", "あ" * 40, "あ" * 40, "あ" * 120), ""),
    ],
)
def test_wrong_names_are_seen(names: tuple[str, str, str, str], message: str) -> None:
    found = [said for _, said in wrong_names(*names)]
    assert any(message in said for said in found) if message else not found, found


def unknown_key(key: str) -> str:
    nearest = get_close_matches(key, FRONT_MATTER, n=1)
    return f"the front matter has {key}, which nobody reads: " + (
        f"write {nearest[0]}" if nearest else f"known are {', '.join(FRONT_MATTER)}"
    )


@every_page
def test_what_no_page_says(page: Page) -> None:
    found = list(wrong_links(page.prose))
    assert not found, "\n".join(f"{place_of(page, said)}: {message}" for said, message in found)


def wrong_links(prose: str) -> Iterator[tuple[str, str]]:
    """(what is written, message) of what leads nowhere, or to this site past the checks."""
    text = re.sub(r"`[^`\n]*`", "", prose)
    for note in re.findall(r"\[\^[^\]\s]+\]", text):
        yield note, f"{note}: no extension reads footnotes; write it in the sentence"
    site = SITE.search((ROOT / "mkdocs.yml").read_text("utf-8"))
    assert site
    for address in re.findall(rf"{re.escape(site[1].rstrip('/'))}(?:/[^\s)>\"]*)?", text):
        yield address, f"{address} is on this site: write the relative path, so the build checks it"


@pytest.mark.parametrize(
    ("prose", "message"),
    [
        ("A claim[^1].", "[^1]: no extension reads footnotes; write it in the sentence"),
        ("[x](https://after-fork.github.io/after-fork/lab/).", "fork/lab/ is on this site: write"),
        ("<https://after-fork.github.io/after-fork>", "fork is on this site: write the relative"),
        ("`[^1]` and [a^b]", ""),
    ],
)
def test_wrong_links_are_seen(prose: str, message: str) -> None:
    found = [said for _, said in wrong_links(prose)]
    assert any(message in said for said in found) if message else not found, found


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (unknown_key("descripton"), "descripton, which nobody reads: write description"),
        (unknown_key("x"), "known are title, description"),
        (not_explained([1, 2], [1]), "explain 2 in a numbered list below the program, or remove"),
        (not_explained([1], [1, 2]), "write # (2)! behind the line that 2 is about, or remove it"),
        (not_explained([1], [1, 1]), "write each once"),
        (unknown_kind(Fence(1, "pyhton", "", None, "")), "pyhton is none of python, c, ruby, con"),
    ],
)
def test_a_message_says_what_to_do(said: str, message: str) -> None:
    assert message in said


@pytest.mark.parametrize("part", ["1:9", "nothing"])
def test_an_include_of_no_section_is_named(part: str) -> None:
    path = find_examples()[0].source.relative_to(EXAMPLES).as_posix()
    fence = Fence(1, "python", f'--8<-- "{path}:{part}"', None, "")
    with pytest.raises(
        AssertionError, match=f"^x.md:1: `{path}:{part}` names no section: no comment"
    ):
        shown_lines(fence, "x.md:1")


def test_no_page_is_listed_twice() -> None:
    found = list(listed_twice((ROOT / "mkdocs.yml").read_text("utf-8")))
    assert not found, "\n".join(found)


def listed_twice(settings: str) -> Iterator[str]:
    seen: set[str] = set()
    for n, line in enumerate(settings.splitlines(), 1):
        if found := re.fullmatch(r" +- (?:.*: +)?([\w./-]+\.(?:md|py))(?: +#.*)?", line):
            if found[1] in seen:
                yield f"mkdocs.yml:{n}: {found[1]} is listed twice; remove one"
            seen.add(found[1])


def test_a_page_listed_twice_is_seen() -> None:
    nav = "nav:\n  - a.md\n  - b:\n      - b/c.md\n      - A: a.md # again\n"
    assert list(listed_twice(nav)) == ["mkdocs.yml:5: a.md is listed twice; remove one"]


@pytest.mark.parametrize("language", CODES)
def test_every_page_is_in_the_navigation(language: str) -> None:
    file = ROOT / ("mkdocs.yml" if language == "en" else f"mkdocs.{language}.yml")
    listed = set(paths_in(load_config(str(file)).nav))
    lacking = [page for page in find_pages(language) if page.name not in listed]
    assert not lacking, "\n".join(
        f"{shown(page)} is not in the navigation: add {page.name} to `nav` in mkdocs.yml"
        for page in lacking
    )


def paths_in(nav: object) -> Iterator[str]:
    """Every page that a navigation, or a part of it, lists."""
    match nav:
        case str():
            yield nav
        case list():
            yield from (path for part in nav for path in paths_in(part))
        case dict():
            yield from (path for part in nav.values() for path in paths_in(part))


@every_example
def test_an_example_is_shown(example: Example) -> None:
    """In both languages, where the Japanese page is current: that is tested with all programs."""
    name = example.source.relative_to(EXAMPLES).as_posix()
    assert any(
        fence.include and fence.include.path == name for page in PAGES for fence in programs(page)
    ), f"no page shows {name}: put it on one with its output, or delete it"


@every_example
def test_an_example_has_its_transcript(example: Example) -> None:
    for transcript in example.transcripts.values():
        assert transcript.is_file(), f"{transcript.name} is missing: make update"
        assert transcript.read_text("utf-8").startswith(f"$ {example.command}\n")


def test_nothing_else_lies_among_the_examples() -> None:
    found = find_examples()
    stems = Counter(example.source.with_suffix("") for example in found)
    assert [stem for stem, count in stems.items() if count > 1] == [], "one transcript, two scripts"
    known = {
        path
        for e in found
        for path in (e.source, *e.siblings, *e.transcripts.values(), e.settings_file)
    }
    known |= {measurement.path for measurement in MEASUREMENTS}
    others = [
        f"{(at := path.relative_to(ROOT))} belongs to no script, and no page shows it: rm '{at}'"
        for path in EXAMPLES.rglob("*")
        if path.is_file() and path not in known and "__pycache__" not in path.parts
    ]
    assert not others, "\n".join(others)


def test_the_checks_see_what_hides() -> None:
    hidden = "````python\nprint(1)\n````\n\n~~~python\nprint(2)\n~~~\n"
    assert [fence.language for fence in find_fences(hidden)] == ["python", "python"]
