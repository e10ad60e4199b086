"""What a browser fetches for the first page that a reader sees, and then for its twin.

tests/test_site.py counts what the pages name, for all of them and sooner.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import Site
from tests.support.results import MEASURED
from tools.pages import JAPANESE
from tools.site.build import BUILT_SITE, SITE_URL
from tools.site.web_server import Sent, serve

BYTES, REQUESTS = 90_000, 12
SHOWN = 3  # of the heaviest pages
ICON, SECONDS = "favicon.svg", 30  # in which it comes


@dataclass(frozen=True)
class View:
    """What a browser fetched for a page."""

    page: str
    sent: list[Sent]

    @property
    def bytes(self) -> int:
        return sum(sent.bytes for sent in self.sent)

    def __str__(self) -> str:
        return f"/{self.page} {self.bytes / 1000:.1f} kB in {len(self.sent)} requests"

    @property
    def details(self) -> str:
        """A line for each request, the largest first."""
        by_size = sorted(self.sent, key=lambda sent: -sent.bytes)
        return "\n".join([str(self), *(f"{sent.bytes:9} /{sent.address}" for sent in by_size)])


class Host:
    """The site, and what it has sent since it was last asked for that."""

    def __init__(self, address: str, sent: list[Sent]) -> None:
        self.address, self._sent = address, sent

    def first_view(self, tab: Page, page: str) -> list[Sent]:
        """What is sent for a page in a browser that was never here."""
        return self.sent_for(tab, lambda: tab.goto(self.address + page), wants_icon=True)

    def sent_for(
        self, tab: Page, act: Callable[[], object], wants_icon: bool = False
    ) -> list[Sent]:
        """What is sent until the page to which *act* leads asks for nothing more.

        A browser asks for the icon beside the page, and may be late.
        """
        self._sent.clear()
        with tab.expect_event("load"):
            act()
        tab.wait_for_load_state("networkidle")
        deadline = time.monotonic() + SECONDS
        while wants_icon and not any(one.address.endswith(ICON) for one in self._sent):
            assert time.monotonic() < deadline, f"{tab.url}: no {ICON} was asked for"
            tab.wait_for_timeout(20)
        return list(self._sent)


@pytest.fixture(scope="module")
def host(served_site: Site) -> Iterator[Host]:
    sent: list[Sent] = []
    with serve(served_site.folder, SITE_URL if BUILT_SITE else "", sent) as address:
        yield Host(address, sent)


@pytest.fixture(scope="module")
def views(served_site: Site, host: Host, browser: Browser) -> list[View]:
    """Every page, each in a browser that was never here; the heaviest first."""

    def view(page: str) -> View:
        with browser.new_context() as context:
            tab = context.new_page()
            return View(page, host.first_view(tab, page))

    return sorted(map(view, served_site.pages), key=lambda view: -view.bytes)


def test_the_first_view_is_light(
    views: list[View], record_property: Callable[[str, object], None]
) -> None:
    heaviest = ", ".join(map(str, views[:SHOWN]))
    record_property(MEASURED, f"first views, the heaviest of {len(views)}: {heaviest}")
    heavy = [v.details for v in views if v.bytes > BYTES or len(v.sent) > REQUESTS]
    assert not heavy, f"at most {BYTES} bytes in {REQUESTS} requests:\n" + "\n".join(heavy)


@pytest.mark.parametrize("page", ["", "lab/", "processes/who-waits/"])
def test_the_other_language_brings_its_page_alone(page: str, host: Host, browser: Browser) -> None:
    """The theme and all of ours is there already."""
    with browser.new_context() as context:
        tab = context.new_page()
        host.first_view(tab, page)
        switch = tab.locator(f"[data-language={JAPANESE.code}]")
        sent = host.sent_for(tab, switch.click)
    assert [one.address for one in sent] == [JAPANESE.folder + page]
