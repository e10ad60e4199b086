"""All that is served is used and small, and asks no other host: seen in the sources, in seconds.

tests/test_site.py looks at the built pages, with what the theme adds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.places import place_of
from tools.pages import CODES, DOCS, ROOT, Page, find_pages

LARGEST = 200_000  # bytes
LOCKS = re.compile(r"package-lock\.json|uv\.lock|requirements.*\.txt")
IGNORED = {".git", *(ROOT / ".gitignore").read_text("utf-8").split()}  # /name/ at the root, name/
NAMES_THINGS = (".css", ".html", ".js", ".md", ".mjs", ".py", ".toml", ".yml")
SERVED = [
    path
    for folder in ("docs/assets", "docs/theme", "lab/web")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.is_file()
]
VENDOR = DOCS / "assets/vendor"  # other people's, held to be what npm has
TEXTS = [
    path
    for path in SERVED
    if path.suffix in (*NAMES_THINGS, ".svg", ".xml") and VENDOR not in path.parents
]
SCRIPTS = (".js", ".mjs")
THEMES = [
    Path(folder)
    for name in ("material", "mkdocs")
    if (package := find_spec(name))
    for folder in package.submodule_search_locations or ()
]

OUTWARD_LINK = re.compile(r'<a\b[^>]*\shref="https?://[^>]*>')
NAMESPACE = re.compile(r"http://www\.(?:w3|sitemaps)\.org/[\w./]*")
ADDRESS = re.compile(r"(?:https?|wss?):/?/[^\s\"'`)>]*|(?<=[\"'`(=])\s*//[\w$][^\s\"'`)>]*")
SENDS = re.compile(
    r"\b(?:XMLHttpRequest|WebSocket|EventSource|sendBeacon|RTCPeerConnection|WebTransport)\b"
)
PIECES = re.compile(
    r"//\$\{[^`]*|\blocation\.protocol\b|([\"'`])(?:(?:https?|wss?):?)?//\1\s*\+"
    r"|([\"'`])(?:https?|wss?):?\2\s*\+"
)
HANDLER = re.compile(r"(?<=[\s{\"'])on[a-z]+ *= *[\"'][^\"']*|\bjavascript:[^\"')]*")
PICTURE = re.compile(r"!\[[^\]]*\]\(\s*((?:https?:)?//[^)\s]*)")
TAG = re.compile(r"<(?:img|script|iframe|link|video|audio|source|object|embed|style|form)\b[^>]*>")

each_page = pytest.mark.parametrize(
    "page", [page for code in CODES for page in find_pages(code)], ids=lambda page: page.id
)


def files() -> Iterator[Path]:
    """Every file of the project that git would keep, also where there is no git."""
    for folder, folders, names in os.walk(ROOT):
        root = "/" if Path(folder) == ROOT else ""
        folders[:] = [
            name for name in folders if not {f"{root}{name}/", f"{name}/", name} & IGNORED
        ]
        yield from (Path(folder) / name for name in names if name not in IGNORED)


def at(path: Path, text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f"{path.relative_to(ROOT)}:{line}"


def test_no_file_is_large() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes, at most {LARGEST}: make it "
        "smaller, or leave it where it comes from"
        for path in files()
        if path.stat().st_size > LARGEST and not LOCKS.fullmatch(path.name)
    ]
    assert not found, "\n".join(found)


def test_among_the_pages_lie_only_pages() -> None:
    found = [
        f"{path.relative_to(ROOT)} is no page: pictures belong in docs/assets/images, what an "
        "editor left behind nowhere"
        for code in CODES
        for path in sorted((DOCS / code).rglob("*"))
        if path.is_file() and path.suffix not in (".md", ".py") and "__pycache__" not in path.parts
    ]
    assert not found, "\n".join(found)


def test_every_asset_is_used() -> None:
    texts = {
        path: path.read_text("utf-8")
        for path in files()
        if path.suffix in NAMES_THINGS and path.relative_to(ROOT).parts[0] != "tests"
    }
    found = [
        f"{path.relative_to(ROOT)}: no page, style sheet, template or setting names it: use it, or "
        "delete it"
        for path in SERVED
        if not any(name_of(path) in text for user, text in texts.items() if user != path)
        and not overrides(path)
    ]
    assert not found, "\n".join(found)


def name_of(path: Path) -> str:
    """As a page says it: a diagram is drawn once for each language."""
    return f"{path.stem}." if path.parent.name == "diagrams" else path.name


def overrides(path: Path) -> bool:
    """Whether it is a template that takes the place of the theme's or of MkDocs' own."""
    theme = DOCS / "theme"
    return theme in path.parents and any(
        (root / "templates" / path.relative_to(theme)).is_file() for root in THEMES
    )


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_asks_another_host(path: Path) -> None:
    found = list(asks_elsewhere(path, path.read_text("utf-8")))
    assert not found, "\n".join(found)


def asks_elsewhere(path: Path, text: str) -> Iterator[str]:
    """What in a style sheet, a script or a template would leave this site, a message for each."""
    links = [link.span() for link in OUTWARD_LINK.finditer(text)]
    for found in ADDRESS.finditer(text):
        is_link = any(start <= found.start() < end for start, end in links)
        if not is_link and not NAMESPACE.match(found[0]):
            yield (
                f"{at(path, text, found.start())}: {found[0].strip()} is asked of another host, "
                "which sees the reader: put the file into docs/assets, and say its path there"
            )
    for found in re.finditer(r"@import\b[^;]*", text) if path.suffix == ".css" else ():
        yield f"{at(path, text, found.start())}: {found[0]}: name the file in mkdocs.yml, extra_css"
    for found in SENDS.finditer(text) if path.suffix in SCRIPTS else ():
        yield (
            f"{at(path, text, found.start())}: {found[0]} sends something away: a page of this "
            "site only fetches files of this site, with fetch()"
        )
    for found in PIECES.finditer(text) if path.suffix in SCRIPTS else ():
        yield (
            f"{at(path, text, found.start())}: {found[0]} builds the address of a host of pieces: "
            "fetch a file of this site, by a relative path or new URL(path, base)"
        )
    for found in HANDLER.finditer(text) if path.suffix == ".html" else ():
        yield f"{at(path, text, found.start())}: {found[0]}: {NO_HANDLER}"


NO_HANDLER = "code in an attribute does not run here: add a listener in docs/assets/scripts/site.js"


@each_page
def test_no_page_asks_another_host(page: Page) -> None:
    found = list(asks_from_a_page(page))
    assert not found, "\n".join(found)


def asks_from_a_page(page: Page) -> Iterator[str]:
    text = re.sub(r"`[^`\n]*`", "", page.prose)
    for picture in PICTURE.finditer(text):
        yield (
            f"{place_of(page, picture[1])}: the picture {picture[1]} is asked of another host: put "
            "it into docs/assets/images, and link it from there"
        )
    for tag in TAG.finditer(text):
        yield f"{place_of(page, tag[0])}: {tag[0]}: a page has no such tag; write it in Markdown"
    for handler in HANDLER.finditer(text):
        yield f"{place_of(page, handler[0])}: {handler[0]}: {NO_HANDLER}"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.css", "\n@font-face { src: url(//fonts.example/f.woff2) }", ":2: //fonts.example/f.wo"),
        ("a.css", "a { background: url('https://x.example/p.png') }", "https://x.example/p.png is"),
        ("a.css", '@import "other.css";', '@import "other.css": name the file in mkdocs.yml'),
        ("a.js", 'fetch("https://x.example/" + query)', "https://x.example/ is asked of another"),
        ("a.js", "import x from '//x.example/x.js'", "//x.example/x.js is asked of another host"),
        ("a.mjs", "navigator.sendBeacon(url, data)", "sendBeacon sends something away"),
        ("a.mjs", "new WebSocket(`wss://${host}`)", "wss://${host} is asked of another host"),
        ("a.js", "\nfetch(`${scheme}//${host}/x`)", "a.js:2: //${host}/x builds the address of a"),
        ("a.js", 'fetch("//" + host)', '"//" + builds the address of a host'),
        ("a.mjs", "fetch('https://' + host)", "'https://' + builds the address of a host"),
        ("a.mjs", 'fetch("https:" + rest)', '"https:" + builds the address of a host'),
        ("a.js", "fetch(location.protocol + rest)", "location.protocol builds the address"),
        ("a.html", '<script src="//x.example/x.js"></script>', "//x.example/x.js is asked"),
        ("a.html", '<a href="#" onclick="go()">', 'onclick="go(): code in an attribute'),
    ],
)
def test_what_leaves_the_site_is_seen(name: str, text: str, message: str) -> None:
    found = list(asks_elsewhere(ROOT / name, text))
    assert any(message in line for line in found), found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<a class="b" href="https://x.example/">elsewhere</a>'),
        ("a.js", "// a comment\nfetch(new URL('./x.json', base)) // another"),
        (
            "a.css",
            "a { background: url('data:image/svg+xml,<a xmlns=\"http://www.w3.org/\">') }",
        ),
    ],
)
def test_what_stays_here_is_not(name: str, text: str) -> None:
    assert list(asks_elsewhere(ROOT / name, text)) == []
