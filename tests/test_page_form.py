"""Each page has the form that Contributing explains, or is named as one that still waits for it."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from tests.support import form, places
from tests.support.places import place_of
from tools import pages
from tools.pages import Page, find_pages

# Each of these still has an older form. A page leaves the list when it has the new one; none comes.
WAITING = (
    "alternatives/exec-and-spawn.md",
    "alternatives/verdict.md",
    "alternatives/why-fork.py",
    "descriptors/a-goodbye-nobody-wrote.md",
    "descriptors/a-port-that-stays-taken.md",
    "descriptors/a-process-per-client.md",
    "descriptors/an-eof-that-never-comes.md",
    "descriptors/close-on-exec.md",
    "descriptors/half-a-query.md",
    "descriptors/one-client-at-a-time.md",
    "descriptors/one-leak-at-a-time.md",
    "descriptors/one-session-two-processes.md",
    "descriptors/the-parent-keeps-the-socket.md",
    "locks/a-lock-that-knows-its-owner.md",
    "locks/a-mutex-that-forgives.md",
    "locks/the-lock-nobody-releases.md",
    "locks/what-glibc-repairs.md",
    "locks/who-owns-a-mutex.md",
)
# What is no lesson: doors, things to look up, the lab.
ASIDE = (
    "index.md",
    "how-to-read.md",
    "contributing.md",
    "lab/licences.md",
    "reference/errata.md",
    "reference/glossary.md",
)

ENGLISH = {page.name: page for page in find_pages("en")}
JAPANESE = {page.name: page for page in find_pages("ja")}
NAMES = sorted(ENGLISH.keys() & JAPANESE.keys())
EXPLAINED = "Contributing, “The form of a page”, explains it; `make page` writes it"


def is_lesson(name: str) -> bool:
    return name not in ASIDE and not name.endswith("/index.md")


@pytest.mark.parametrize("name", [n for n in NAMES if is_lesson(n) and n not in WAITING])
@pytest.mark.filterwarnings("default")
def test_the_form_of_a_page(name: str) -> None:
    """A page that waits for its twin in the other language may wait with its form, and is named."""
    english, japanese = ENGLISH[name], JAPANESE[name]
    is_ahead = pages.is_ahead(japanese.path)
    is_behind = pages.is_behind(english.path, japanese.path) and not is_ahead
    for page, may_wait in ((english, is_ahead), (japanese, is_behind)):
        if not (found := form.faults(page)):
            continue
        message = "\n".join([*found, EXPLAINED])
        if may_wait:
            warnings.warn(message, stacklevel=1)
        else:
            pytest.fail(message, pytrace=False)


@pytest.mark.parametrize("name", WAITING)
def test_a_page_that_waits_has_an_older_form(name: str) -> None:
    assert name in NAMES, f"tests/test_page_form.py: there is no page {name}: take it off the list"
    assert not has_the_form(name), (
        f"tests/test_page_form.py: docs/en/{name} has the form, and so has its Japanese page: take "
        "it off the list WAITING"
    )


def has_the_form(name: str) -> bool:
    return not form.faults(ENGLISH[name]) and not form.faults(JAPANESE[name])


@pytest.mark.parametrize("name", NAMES)
def test_the_same_symptoms(name: str) -> None:
    english, japanese = ENGLISH[name], JAPANESE[name]
    assert form.symptoms_of(english) == form.symptoms_of(japanese), (
        f"{place_of(japanese, 'symptoms:')}: other symptoms than in "
        f"{place_of(english, 'symptoms:')}: they are texts of programs, so copy the list"
    )


PROGRAM = '```python title="how-to-read/crashes.py"\n--8<-- "how-to-read/crashes.py"\n```'
OUTPUT = '```console\n--8<-- "how-to-read/crashes.out"\n```'
GOOD = f"""---
title: T
description: D
symptoms:
  - "[Errno 11] Resource temporarily unavailable"
---

# T {{ #t }}

A process hangs. It waits for a
lock (see e.g. `a. b.`).

!!! abstract "In short"

    - **You see** a worker
        that hangs.
    - **Cause:** a lock.
    - **Fix:** [fork earlier](#fix).

## See it happen {{ #see-it-happen }}

Two processes take part:

<div class="crashes" markdown>

{PROGRAM}

</div>

??? question "Predict: what happens?"
    It dies.

{OUTPUT}

## Is it this? {{ #is-it-this }}

| `[Errno 11] Resource
temporarily unavailable` | A table |

## The fix {{ #fix }}

??? note "The server"

    {PROGRAM.replace(chr(10), chr(10) + "    ")}

    1. Says something.

    The client uses this:

    {PROGRAM.replace(chr(10), chr(10) + "    ")}

The parent starts it:

{PROGRAM}

{OUTPUT}

### What the fix does not cover {{ #limits }}

- Nothing.

## Sources {{ #sources }}
"""


def page_of(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, language: str = "en") -> Page:
    monkeypatch.setattr(pages, "DOCS", folder / "docs")
    monkeypatch.setattr(places, "ROOT", folder)
    page = Page(language, "p.md")
    page.path.parent.mkdir(parents=True)
    page.path.write_text(text, "utf-8")
    return page


def test_a_page_of_the_form_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert form.faults(page_of(GOOD, tmp_path, monkeypatch)) == []


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("# T {", "T {", "p.md:1: there is no title: write “# ” and the title of the front matter"),
        (
            "A process hangs. It",
            "Why? A b. C d. It",
            "p.md:10: 4 sentences stand between the title",
        ),
        ("A process hangs. It waits for a\nlock (see e.g. `a. b.`).\n", "", "p.md:8: 0 sentences"),
        ("A process hangs. It", "TODO: who hangs?", "p.md:10: still to write: who hangs?"),
        (
            "!!! abstract",
            "!!! note",
            "p.md:13: the box belongs directly below the lead: write “!!!",
        ),
        (
            "`).\n\n!!!",
            "`).\n\n![x](x.svg)\n\n!!!",
            'p.md:13: the box belongs directly below the lead: write “!!! abstract "In short"”',
        ),
        (
            "**Cause:**",
            "**Why:**",
            "p.md:13: the box has other than three items that begin with **",
        ),
        ("    - **Cause:** a lock.\n", "", "p.md:13: the box has other than three items"),
        ("[fork earlier](#fix)", "fork earlier", "p.md:18: **Fix:** leads nowhere: link it to the"),
        ("](#fix)", "](https://example.org/#fix)", "p.md:18: **Fix:** leads nowhere"),
        ("](#fix)", "](#cure)", "p.md:18: no heading of this page has the id of #cure: write one"),
        (
            "## Is it this? {",
            "## Symptoms {",
            "p.md:39: this heading is the same on every page: write “## Is it this? { #is-it-t",
        ),
        (
            "{ #sources }",
            "{ #links }",
            "heading is the same on every page: write “## Sources { #so",
        ),
        ("### What the", "## What the", "write “### What the fix does not cover { #limits }”"),
        (
            "## See it happen { #see-it-happen }\n",
            "## The fix { #fix }\n\nX.\n\n## See it happen { #see-it-happen }\n",
            "p.md:24: “See it happen” stands below “The fix”: the order is See it happen, Why it",
        ),
        ("Two processes take part:\n", "", "p.md:25: no sentence leads in to this block of code"),
        ("The parent starts it:\n\n", "", "p.md:60: no sentence leads in to this block of code: s"),
        (
            "    The client uses this:\n\n",
            "",
            "p.md:54: no sentence leads in to this block of code",
        ),
        ("Two processes take part:", "Two:\n\n- A.", "p.md:28: no sentence leads in to this block"),
        (
            "    - **You see** a",
            "    You\n\n    - **You see** a",
            "p.md:13: the box has other than",
        ),
        ("[Errno 11] Resource temp", "[Errno 12] Resource temp", "p.md:4: “[Errno 12] Resource te"),
        (
            '"[Errno 11] Resource',
            'Error: "[Errno 11] Resource',
            "is no text for YAML: put it between",
        ),
    ],
)
def test_what_is_not_of_the_form_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right: str, wrong: str, message: str
) -> None:
    assert right in GOOD
    found = form.faults(page_of(GOOD.replace(right, wrong, 1), tmp_path, monkeypatch))
    assert any(message in line for line in found), found


def test_lines_before_the_first_output_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of folded parts are not."""
    code = "```python\n" + "x\n" * 20 + "```\n\n"
    folded = '??? note "More"\n\n    ' + code.replace("\n", "\n    ").rstrip()
    text = GOOD.replace("Two processes take part:", f"{folded}\n\nThis:\n\n{code}Two take part:")
    page = page_of(text, tmp_path, monkeypatch)
    assert form.faults(page) == []
    page.path.write_text(text.replace("This:", f"This:\n\n{code}Then:"), "utf-8")
    (message,) = form.faults(page)
    assert "docs/en/p.md:" in message
    assert "lines of code stand above the first output, at most 30: fold what" in message


def test_a_japanese_page_has_the_same_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "---\ntitle: T\n---\n\n# T { #t }\n\n待ちます。返りません。止まります。\n\n"
    box = '!!! abstract "要点"\n\n    - **症状：** A\n    - **原因：** B\n    - **直し方：** '
    box += "[C](#fix)\n\n"
    page = page_of(f"{text}{box}## 直し方 {{ #fix }}\n", tmp_path, monkeypatch, "ja")
    assert form.faults(page) == []
    page.path.write_text(f"{text}{box}## 修正 {{ #fix }}\n", "utf-8")
    assert form.faults(page) == [
        "docs/ja/p.md:15: this heading is the same on every page: write “## 直し方 { #fix }”"
    ]


def test_folded_parts_are_not_counted_as_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = form.visible_prose(page_of(GOOD, tmp_path, monkeypatch))
    assert "Two processes take part" in seen
    assert "The parent starts it" in seen
    assert "The client uses this" not in seen
    assert "It dies" not in seen
