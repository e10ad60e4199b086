"""No page, in either language, in light or in dark, breaks a rule that axe-core knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import Site
from tests.support.results import leave_out
from tools.pages import LANGUAGES, ROOT, Language
from tools.site import lab_files

AXE = ROOT / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Scheme = Literal["light", "dark"]
SCHEMES: dict[Scheme, str] = {"light": "default", "dark": "slate"}

CHECK = """async rules => {
    const options = {runOnly: rules, resultTypes: ["violations"], preload: false}
    const report = await axe.run(options)
    const tell = (node) => `${node.target.join(" ")}: ${node.failureSummary}`
    return {
        rulesRun: report.passes.length + report.violations.length,
        broken: report.violations.map(({id, nodes}) => [id, nodes.map(tell)]),
    }
}"""


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One tab: a browser slows down those behind it."""
    with browser.new_context() as context:
        context.add_init_script(path=AXE)
        yield context.new_page()


def visit(tab: Page, address: str) -> None:
    tab.goto(address)
    if tab.locator(".lab[data-options]").count():
        tab.locator(".lab--equipped").first.wait_for(state="attached")
    expect(tab.locator("article pre:not([id]) > code")).to_have_count(0)  # all are fitted out
    tab.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")


def check(tab: Page, scheme: Scheme) -> Any:
    """What axe says of the page in a scheme of colours."""
    tab.emulate_media(color_scheme=scheme)
    tab.locator(f'body[data-md-color-scheme="{SCHEMES[scheme]}"]').wait_for()
    return tab.evaluate(CHECK, RULES)


def test_no_page_breaks_a_rule(served_site: Site, tab: Page) -> None:
    broken = {}
    for page in served_site.pages:
        visit(tab, served_site.address + page)
        for scheme in SCHEMES:
            report = check(tab, scheme)
            assert report["rulesRun"] > 20, f"/{page}: axe looked at next to nothing"
            if report["broken"]:
                broken[f"/{page}, {scheme}"] = report["broken"]
    assert broken == {}


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_an_opened_editor_breaks_no_rule(language: Language, served_site: Site, tab: Page) -> None:
    """What the buttons bring, where there are buttons."""
    if not lab_files.find():
        leave_out("no image: `make lab` builds it")
    visit(tab, f"{served_site.address}{language.folder}processes/leaving/")
    edit = tab.locator(".lab-edit").first
    edit.click()
    tab.locator(".lab-editor textarea").wait_for()
    for scheme in SCHEMES:
        assert check(tab, scheme)["broken"] == []
    shown, told = edit.inner_text(), edit.get_attribute("aria-label")
    assert told
    assert shown in told
    edit.click()
    assert edit.inner_text() in str(edit.get_attribute("aria-label"))


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_an_opened_search_breaks_no_rule(language: Language, served_site: Site, tab: Page) -> None:
    visit(tab, f"{served_site.address}{language.folder}processes/leaving/")
    for typed, shown in (("", ".search__hint"), ("xyzzy", "[role=status]"), ("fork", "mark")):
        tab.keyboard.press("/")
        tab.locator("dialog.search input").fill(typed)
        tab.locator(f"dialog.search {shown}").first.wait_for()
        for scheme in SCHEMES:
            assert check(tab, scheme)["broken"] == [], (typed, scheme)
        tab.keyboard.press("Escape")


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_opened_chapters_break_no_rule(language: Language, served_site: Site, tab: Page) -> None:
    """Two lists of pages are there then, each with a name of its own."""
    visit(tab, f"{served_site.address}{language.folder}processes/leaving/")
    tab.locator('.md-nav__item--nested:has(a[href*="locks/"]) label[id$=_label]').click()
    expect(tab.locator('.md-nav--primary a[href*="locks/fork-gate"]')).to_be_visible()
    tab.evaluate("Promise.all(document.getAnimations().map(({finished}) => finished))")
    for scheme in SCHEMES:
        assert check(tab, scheme)["broken"] == []
