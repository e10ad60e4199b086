"""No page, in either language, in light or in dark, breaks a rule that axe-core knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import leave_out
from tests.in_browser import Site
from tools import run_buttons
from tools.pages import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Scheme = Literal["light", "dark"]
SCHEMES: dict[Scheme, str] = {"light": "default", "dark": "slate"}
TABS = 2  # each has a process of its own, and so a core

START = """rules => {
    const options = {runOnly: rules, resultTypes: ["violations"], preload: false}
    window.checked = axe.run(options)
}"""
REPORT = """async () => {
    const report = await window.checked
    const tell = (node) => `${node.target.join(" ")}: ${node.failureSummary}`
    return {
        rulesRun: report.passes.length + report.violations.length,
        broken: report.violations.map(({id, nodes}) => [id, nodes.map(tell)]),
    }
}"""


@pytest.fixture(scope="module")
def tabs(browser: Browser) -> Iterator[list[Page]]:
    """Some tabs, in which pages are checked side by side."""
    with browser.new_context() as context:
        context.add_init_script(path=AXE)
        yield [context.new_page() for _ in range(TABS)]


def visit(tab: Page, address: str) -> None:
    tab.goto(address)
    if tab.locator(".lab[data-options]").count():
        tab.locator(".lab--equipped").first.wait_for()
    expect(tab.locator("article pre:not([id]) > code")).to_have_count(0)  # all are fitted out
    tab.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")


def start(tab: Page, scheme: Scheme) -> None:
    """Let axe begin on a page in a scheme of colours; REPORT waits for it."""
    tab.emulate_media(color_scheme=scheme)
    tab.locator(f'body[data-md-color-scheme="{SCHEMES[scheme]}"]').wait_for()
    tab.evaluate(START, RULES)


def check(tabs: list[Page], pages: list[str], site: Site) -> Iterator[tuple[str, Any]]:
    """(page and scheme, what axe says) of as many pages as there are tabs, in each scheme."""
    for tab, page in zip(tabs, pages, strict=False):
        visit(tab, site.address + page)
    for scheme in SCHEMES:
        for tab, _ in zip(tabs, pages, strict=False):
            start(tab, scheme)
        for tab, page in zip(tabs, pages, strict=False):
            yield f"/{page}, {scheme}", tab.evaluate(REPORT)


def test_no_page_breaks_a_rule(served_site: Site, tabs: list[Page]) -> None:
    pages = served_site.pages
    broken = {}
    for first in range(0, len(pages), len(tabs)):
        for where, report in check(tabs, pages[first : first + len(tabs)], served_site):
            assert report["rulesRun"] > 20, f"{where}: axe looked at next to nothing"
            if report["broken"]:
                broken[where] = report["broken"]
    assert broken == {}


@pytest.mark.parametrize("language", ["", "ja/"])
def test_an_opened_editor_breaks_no_rule(
    language: str, served_site: Site, tabs: list[Page]
) -> None:
    """What the buttons bring, where there are buttons."""
    if not run_buttons.find():
        leave_out("no image: `make lab` builds it")
    tab = tabs[0]
    visit(tab, f"{served_site.address}{language}processes/leaving/")
    edit = tab.locator(".lab-edit").first
    edit.click()
    tab.locator(".lab-editor textarea").wait_for()
    for scheme in SCHEMES:
        start(tab, scheme)
        assert tab.evaluate(REPORT)["broken"] == []
    shown, told = edit.inner_text(), edit.get_attribute("aria-label")
    assert told
    assert shown in told
    edit.click()
    assert edit.inner_text() in str(edit.get_attribute("aria-label"))
