"""What a reader does with a page in a browser: switch, copy, download, print, hold a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from runner import EXAMPLES, find_examples
from tests.support.browser import Site
from tests.support.fences import MARK, shown_lines
from tools.pages import CODES, JAPANESE, LANGUAGES, Fence, find_pages
from tools.site.build import build
from tools.site.web_server import serve
from tools.words import say

TELEPHONE: ViewportSize = {"width": 390, "height": 800}
FOLDERS = {language.code: language.folder for language in LANGUAGES}
every_language = pytest.mark.parametrize("language", CODES)


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context() as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield context


@pytest.fixture(scope="module")
def tab(context: BrowserContext) -> Page:
    """One tab for tests that leave nothing in it."""
    return context.new_page()


@pytest.fixture
def fresh(browser: Browser) -> Iterator[Page]:
    """A tab of a browser that has never been here."""
    with browser.new_context() as context:
        yield context.new_page()


# A visit to every page there is: what it asks, says, and shows on a telephone and on paper


OPEN_FOLDS = "document.querySelectorAll('article details').forEach(box => box.open = true)"


@dataclass
class Visit:
    """What was seen on one page."""

    said: list[str] = field(default_factory=list)  # errors on the console
    asked: list[str] = field(default_factory=list)  # addresses
    width: int = 0  # of all that there is, on a telephone
    hidden: list[str] = field(default_factory=list)  # on paper, of what should be there
    cut: list[str] = field(default_factory=list)  # on paper, for want of room
    shown: list[str] = field(default_factory=list)  # on paper, of what should not
    paper: str = ""  # the text on paper
    colours: list[str] = field(default_factory=list)  # of paper and ink


CONTENT = "article :is(pre, figure, table, details > *, .highlight + ol > li)"
NO_CONTENT = """header, footer, nav, button, form, input, textarea, .md-sidebar, .md-skip, .md-top,
.md-content__button, .headerlink, .md-tooltip, .lab, .behind, .report"""
WIDTH = """() => {
    const boxes = [...document.querySelectorAll("details:not([open])")]
    for (const box of boxes) box.open = true
    const width = document.documentElement.scrollWidth
    for (const box of boxes) box.open = false
    return width
}"""
# Looks while the event is being told, as a browser takes the page to the printer.
ON_PAPER = """async ([content, noContent]) => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    dispatchEvent(new Event("beforeprint"))
    const visible = {visibilityProperty: true, opacityProperty: true}
    const isThere = (part) => part.checkVisibility(visible)
        && part.getBoundingClientRect().height > 1 && part.getBoundingClientRect().width > 1
    const isWhole = (part) => part.scrollWidth <= part.clientWidth + 1
        && part.scrollHeight <= part.clientHeight + 1
    const tell = (part) => `${part.localName}.${part.className}: ${part.textContent.trim()}`
    const wanted = [...document.querySelectorAll(content)]
    const code = [...document.querySelectorAll("article pre > code")]
    const style = getComputedStyle(document.querySelector("article p"))
    const paper = {
        hidden: wanted.filter((part) => !isThere(part)).map(tell),
        cut: code.filter((part) => !isWhole(part)).map(tell),
        shown: [...document.querySelectorAll(noContent)].filter(isThere).map(tell),
        paper: document.querySelector("article").innerText,
        colours: [getComputedStyle(document.body).backgroundColor, style.color],
    }
    dispatchEvent(new Event("afterprint"))
    return paper
}"""


@pytest.fixture(scope="module")
def visits(served_site: Site, browser: Browser) -> dict[str, Visit]:
    """Every page of the site, by its address below the root."""
    with browser.new_context(viewport=TELEPHONE, color_scheme="dark") as context:
        page = context.new_page()
        return {address: _visit(page, served_site, address) for address in served_site.pages}


def _visit(page: Page, site: Site, address: str) -> Visit:
    visit = Visit()
    listeners: dict[Any, Any] = {
        "console": lambda m: visit.said.append(m.text) if m.type in ("error", "warning") else None,
        "pageerror": lambda error: visit.said.append(str(error)),
        "request": lambda request: visit.asked.append(request.url),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    page.goto(site.address + address)
    page.wait_for_load_state("networkidle")
    page.evaluate(OPEN_FOLDS)  # what is folded is fitted out when it is seen
    expect(page.locator(".md-annotation")).to_have_count(len(_notes_of(site.file(address))))
    visit.width = page.evaluate(WIDTH)
    _look_at_paper(page, visit)
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    return visit


def _look_at_paper(page: Page, visit: Visit) -> None:
    page.emulate_media(media="print")
    if page.locator("article").count():
        for name, value in page.evaluate(ON_PAPER, [CONTENT, NO_CONTENT]).items():
            setattr(visit, name, value)
    page.emulate_media(media="screen")


def test_every_page_is_visited(visits: dict[str, Visit]) -> None:
    written = {page.address for n in CODES for page in find_pages(n)}
    assert set(visits) == written | {f"{folder}404.html" for folder in FOLDERS.values()}


def test_no_page_logs_an_error(visits: dict[str, Visit]) -> None:
    assert {page: visit.said for page, visit in visits.items() if visit.said} == {}


def test_no_page_asks_another_origin(visits: dict[str, Visit], served_site: Site) -> None:
    for page, visit in visits.items():
        assert len(visit.asked) > 3, page
        foreign = [url for url in visit.asked if not url.startswith((served_site.address, "data:"))]
        assert foreign == [], page


def test_every_page_fits_a_telephone(visits: dict[str, Visit]) -> None:
    wide = {page: visit.width for page, visit in visits.items() if visit.width != 390}
    assert wide == {}


# Each text of a drawing must lie on the last box below it, apart from the others, and be legible.
CROWDED = """() => [...document.querySelectorAll("figure.diagram > svg")].flatMap((svg) => {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width
    const inside = (a, b) => b.left <= a.left && a.right <= b.right + 0.5 && b.top <= a.top
        && a.bottom <= b.bottom + 0.5
    const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom - 2
        && b.top < a.bottom - 2
    const middle = ({left, right, top, bottom}) =>
        ({left: (left + right) / 2, right: (left + right) / 2, top: (top + bottom) / 2,
          bottom: (top + bottom) / 2})
    const texts = [...svg.querySelectorAll("text")]
    return texts.flatMap((text, n) => {
        const box = text.getBoundingClientRect()
        const below = [...svg.querySelectorAll("rect")]
            .filter((rect) => text.compareDocumentPosition(rect) & Node.DOCUMENT_POSITION_PRECEDING)
            .map((rect) => rect.getBoundingClientRect())
            .filter((rect) => inside(middle(box), rect))
        const found = []
        if (!inside(box, below.at(-1))) found.push("runs out of its box")
        if (parseFloat(getComputedStyle(text).fontSize) * scale < 11) found.push("is too small")
        for (const other of texts.slice(n + 1))
            if (meet(box, other.getBoundingClientRect())) found.push(`meets ${other.textContent}`)
        return found.map((problem) => `${text.textContent} ${problem}`)
    })
})"""


@every_language
def test_the_words_of_a_drawing_have_room_on_a_telephone(
    language: str, served_site: Site, browser: Browser
) -> None:
    drawn = [page for page in find_pages(language) if "assets/diagrams/" in page.text]
    assert drawn
    crowded = {}
    with browser.new_context(viewport=TELEPHONE) as context:
        tab = context.new_page()
        for page in drawn:
            tab.goto(served_site.address + page.address)
            assert tab.locator("figure.diagram text").count(), page.id
            crowded[page.id] = tab.evaluate(CROWDED)
    assert {name: problems for name, problems in crowded.items() if problems} == {}


def test_paper_has_the_whole_page(visits: dict[str, Visit], served_site: Site) -> None:
    """Programs, transcripts, answers of predict boxes, and the notes of annotations."""
    for page, visit in visits.items():
        if page.endswith("404.html"):
            continue
        assert visit.hidden + visit.cut == [], page
        paper = without_spaces(visit.paper)
        for text in _texts_of_code(served_site.file(page)):
            assert without_spaces(text) in paper, f"{page}: {text}"


def _texts_of_code(file: Path) -> Iterator[str]:
    """What a page has in its code and its boxes, and the notes of its annotations."""
    html = BeautifulSoup(file.read_text("utf-8"), "html.parser")
    for code in html.select("article pre"):
        yield "\n".join(without_mark(line) for line in code.get_text().splitlines())
    for part in html.select("article details > p"):
        yield part.get_text()
    yield from _notes_of(file)


def _notes_of(file: Path) -> list[str]:
    """The notes of the annotations of a page."""
    html = BeautifulSoup(file.read_text("utf-8"), "html.parser")
    return [note.get_text() for note in html.select("article .highlight + ol > li")]


def without_spaces(text: str) -> str:
    return re.sub(r"\s", "", text)


def without_mark(line: str) -> str:
    """A line of a program without the mark of an annotation."""
    return re.sub(rf" *{MARK}", "", line)


def test_paper_has_no_navigation(visits: dict[str, Visit]) -> None:
    assert {page: visit.shown for page, visit in visits.items() if visit.shown} == {}


def test_paper_is_white_in_the_dark_too(visits: dict[str, Visit]) -> None:
    colours = {tuple(visit.colours) for visit in visits.values() if visit.colours}
    assert colours == {("rgb(255, 255, 255)", "rgb(0, 0, 0)")}


# Programs, out of the page


def programs_of(language: str) -> Iterator[tuple[str, list[Fence]]]:
    """(address, blocks that can be copied) of each page that has some."""
    for page in find_pages(language):
        fences = [fence for fence in page.fences if fence.language != "console"]
        if fences:
            yield page.address, fences


def script_of(fence: Fence) -> str:
    """What a reader wants of *fence*: the file of examples/, or the part of it that is shown."""
    lines = shown_lines(fence, f"line {fence.line}") if fence.include else fence.body.splitlines()
    return "\n".join(map(without_mark, lines)).strip("\n")


@every_language
def test_a_copied_program_is_the_program(language: str, served_site: Site, tab: Page) -> None:
    for address, fences in programs_of(language):
        tab.goto(served_site.address + address)
        tab.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
        buttons = tab.locator(".md-code__button[data-md-type=copy]")
        expect(buttons).to_have_count(len(fences))
        for number, fence in enumerate(fences):
            assert copied(buttons.nth(number)) == script_of(fence), f"{address}: {fence.info}"


def whole(program: Path) -> str:
    """A file of examples/ without the comments that only its page reads."""
    lines = program.read_text("utf-8").splitlines()
    return "".join(f"{without_mark(line)}\n" for line in lines if "--8<-- [" not in line)


@every_language
def test_a_whole_program_is_copied(language: str, served_site: Site, tab: Page) -> None:
    """All its parts with the header that is not on the page."""
    well = say("program.copied", language)
    seen = set()
    for address, _ in programs_of(language):
        tab.goto(served_site.address + address)
        tab.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
        for row in tab.locator(".program-row").all():
            name = str(row.locator("a").get_attribute("href")).rpartition("/examples/")[2]
            tab.evaluate("navigator.clipboard.writeText('')")
            row.locator("button").click()
            expect(row.locator("[role=status]")).to_have_text(well)
            assert tab.evaluate("navigator.clipboard.readText()") == whole(EXAMPLES / name), name
            seen.add(EXAMPLES / name)
    assert seen == {example.source for example in find_examples()}


def test_a_program_that_cannot_be_copied_says_so(served_site: Site, fresh: Page) -> None:
    fresh.route("**/examples/**", lambda route: route.abort())
    fresh.goto(served_site.address + ANNOTATED)
    row = fresh.locator(".program-row").first
    row.locator("button").click()
    expect(row.locator("[role=status]")).to_have_text(say("program.not_copied", "en"))


def copied(button: Locator) -> str:
    button.evaluate("button => navigator.clipboard.writeText('').then(() => button.click())")
    return str(button.page.evaluate("navigator.clipboard.readText()"))


@every_language
def test_a_downloaded_program_is_the_program(language: str, served_site: Site, tab: Page) -> None:
    seen = set()
    for address, _ in programs_of(language):
        _open_all(tab, served_site.address + address)
        found = tab.locator(":is(.program-row, .program-beside) a[download]").all()
        links = {str(link.get_attribute("href")): link for link in found}  # once each
        for n, (href, link) in enumerate(links.items()):
            if n % 8 == 7:  # a browser stops a page after ten downloads
                _open_all(tab, served_site.address + address)
            name = href.rpartition("/examples/")[2]
            with tab.expect_download() as download:
                link.click()
            program = EXAMPLES / name
            assert download.value.suggested_filename == program.name
            assert Path(download.value.path()).read_bytes() == program.read_bytes(), name
            seen.add(EXAMPLES / name)
    assert seen == {path for e in find_examples() for path in (e.source, *e.siblings)}


def _open_all(tab: Page, address: str) -> None:
    tab.goto("about:blank")
    tab.goto(address)
    tab.evaluate(OPEN_FOLDS)


# What a reader does on a page

ANNOTATED = "processes/leaving/"


@every_language
def test_annotations_open_by_keyboard(language: str, served_site: Site, fresh: Page) -> None:
    address = FOLDERS[language] + ANNOTATED
    notes = _notes_of(served_site.file(address))
    fresh.goto(served_site.address + address)
    fresh.evaluate(OPEN_FOLDS)
    expect(fresh.locator(".md-annotation")).to_have_count(len(notes))
    read = []
    for _ in range(400):
        fresh.keyboard.press("Tab")
        note = fresh.locator(".md-annotation:focus-within .md-tooltip--active")
        if fresh.evaluate("!!document.activeElement.closest('.md-annotation')"):
            expect(note).to_be_visible()
            text = note.inner_text().strip()
            if text not in read:
                read.append(text)
        if len(read) == len(notes):
            break
    assert [without_spaces(text) for text in read] == [without_spaces(text) for text in notes]


SchemeOfSystem = Literal["light", "dark"]


def test_colours_stay_as_chosen(served_site: Site, fresh: Page) -> None:
    """Three presses lead from the system's colours to light, to dark, and back to the system's."""

    def is_shown(scheme: str) -> None:
        expect(fresh.locator(f"body[data-md-color-scheme={scheme}]")).to_have_count(1)

    def is_shown_everywhere(scheme: str) -> None:
        is_shown(scheme)
        for address in (JAPANESE.folder + ANNOTATED, ""):
            fresh.goto(served_site.address + address)
            is_shown(scheme)

    def press(system: SchemeOfSystem, name: str) -> None:
        fresh.emulate_media(color_scheme=system)
        fresh.get_by_role("button", name=name).click()

    fresh.goto(served_site.address)
    fresh.emulate_media(color_scheme="light")
    is_shown_everywhere("default")
    fresh.emulate_media(color_scheme="dark")
    is_shown_everywhere("slate")
    press("dark", "Colours follow the system")
    is_shown_everywhere("default")
    press("light", "Light colours")
    is_shown_everywhere("slate")
    press("light", "Dark colours")
    is_shown_everywhere("default")
    fresh.emulate_media(color_scheme="dark")
    is_shown_everywhere("slate")


SECTION = "why"  # of every page
TITLES = {"en": "^Zombie", "ja": "^ゾンビプロセス"}  # of processes/who-waits


@pytest.mark.parametrize(("here", "there"), [("en", "ja"), ("ja", "en")])
@pytest.mark.parametrize("fragment", ["", f"#{SECTION}"])
def test_the_switch_keeps_page_and_section(
    here: str, there: str, fragment: str, served_site: Site, fresh: Page
) -> None:
    fresh.goto(served_site.address + FOLDERS[here] + ANNOTATED + fragment)
    switch(fresh, there)
    assert fresh.url == served_site.address + FOLDERS[there] + ANNOTATED + fragment
    assert fresh.locator("html").get_attribute("lang") == there
    if fragment:
        expect(fresh.locator(f"#{SECTION}")).to_be_in_viewport()


@pytest.mark.parametrize(("here", "there"), [("en", "ja"), ("ja", "en")])
def test_the_switch_follows_the_reader(
    here: str, there: str, served_site: Site, fresh: Page
) -> None:
    """To the next page, which the theme puts in without loading it, and down to a section."""
    first, second = ("processes/one-call-two-returns/", "processes/who-waits/")
    fresh.goto(served_site.address + FOLDERS[here] + first)
    fresh.evaluate("window.notReloaded = true")
    following = fresh.locator(".md-footer__link--next")
    following.scroll_into_view_if_needed()
    fresh.wait_for_timeout(1000)  # a click at once is a race that the theme may lose
    following.click()
    expect(fresh).to_have_title(re.compile(TITLES[here]))
    expect(fresh.locator("h1")).to_be_in_viewport()
    assert fresh.evaluate("window.notReloaded")
    # the theme overlooks the first move on a page it put in
    for heading in ("see-it-happen", SECTION):
        fresh.locator(f"#{heading}").evaluate("heading => heading.scrollIntoView()")
        fresh.wait_for_timeout(500)
    fresh.wait_for_url(f"**/{second}#{SECTION}")
    switch(fresh, there)
    assert fresh.url == served_site.address + FOLDERS[there] + second + f"#{SECTION}"
    expect(fresh.locator(f"#{SECTION}")).to_be_in_viewport()


def switch(page: Page, language: str) -> None:
    with page.expect_navigation():
        page.locator(f"a[data-language={language}]").click()
    assert page.locator("html").get_attribute("lang") == language


@every_language
def test_a_chapter_opens_on_a_telephone(language: str, served_site: Site, fresh: Page) -> None:
    """A tap on the drawer and one on the chapter, and its pages are there to choose from."""
    fresh.set_viewport_size(TELEPHONE)
    fresh.goto(served_site.address + FOLDERS[language])
    fresh.locator(".md-header label[for=__drawer]").click()
    chapter = fresh.locator('.md-nav__item--nested:has(a[href*="hooks/"])')
    opens = chapter.locator("label[id$=_label]")
    expect(opens, "a chapter has something that opens it").to_be_visible()
    opens.click()
    pages = [page for page in find_pages(language) if page.name.startswith("hooks/")]
    pages = [
        page for page in pages if page.name != "hooks/index.md"
    ]  # the chapter's name leads to it
    links = chapter.locator("nav a.md-nav__link")
    expect(links).to_have_count(len(pages))
    for link in links.all():
        expect(link).to_be_in_viewport()
    links.last.click()
    expect(fresh).to_have_url(re.compile(f"/{FOLDERS[language]}hooks/[^/]+/$"))
    expect(fresh.locator(".md-header label[for=__drawer]")).to_be_in_viewport()
    expect(fresh.locator("article h1")).to_be_in_viewport()
    expect(links.last).not_to_be_in_viewport()  # the drawer is closed


MOVES = """
"/old/page/" = "/contributing/"
"/old/part/" = "/contributing/#rules"
"/contributing/#old-rules" = "/contributing/#rules"
"/how-to-read/#gone" = "/contributing/#translate"
"""


def test_old_links_lead_to_the_section_they_meant(project: Path, fresh: Page) -> None:
    (project / "docs/moved.toml").write_text(MOVES, "utf-8")
    folder = project / "site"
    assert build(project, folder).status == 0
    with serve(folder) as address:
        for old, new, heading in (
            ("old/page/#translate", "contributing/#translate", "translate"),
            ("old/part/", "contributing/#rules", "rules"),
            ("old/page/#old-rules", "contributing/#old-rules", "rules"),
            ("how-to-read/#gone", "contributing/#translate", "translate"),
        ):
            fresh.goto("about:blank")
            fresh.goto(f"{address}ja/{old}")
            expect(fresh).to_have_url(f"{address}ja/{new}")
            expect(fresh.locator(f"#{heading}")).to_be_in_viewport()
