"""What others show of a page, or read instead of it: cards, Markdown, lists, the feed, the maps."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from urllib.parse import urldefrag, urlsplit
from xml.etree import ElementTree

import pytest
from PIL import Image

from runner import EXAMPLES
from tools.pages import CODES, LANGUAGES, ROOT, Language, find_pages
from tools.site import cards, feed
from tools.site.build import SITE_URL, Built
from tools.site.dates import last_changes

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = re.compile(r"\]\(([^)\s]+)\)")


def file_at(site: Built, address: str) -> Path:
    assert address.startswith(SITE_URL), address
    return site.file_for(urldefrag(address)[0].partition("?")[0])


@pytest.mark.parametrize("language", CODES)
def test_a_shared_page_shows_its_title_and_a_card(site: Built, language: str) -> None:
    for page in find_pages(language):
        head = site.pages[f"{page.address}index.html"]
        said = {
            str(meta.get("property") or meta.get("name")): str(meta["content"])
            for meta in head.select("meta[property], meta[name]")
        }
        assert said["og:title"] == page.front_matter["title"]
        assert said["og:description"] == said["description"] == page.front_matter["description"]
        assert said["og:url"] == SITE_URL + page.address
        assert said["twitter:card"] == "summary_large_image"
        with Image.open(file_at(site, said["og:image"])) as card:
            assert card.size == cards.SIZE == (1200, 630)
        assert [said["og:image:width"], said["og:image:height"]] == ["1200", "630"]


def test_each_card_is_of_its_own_title(site: Built) -> None:
    drawn = [path.read_bytes() for path in site.folder.rglob(f"{cards.FOLDER}**/*.png")]
    titles = {page.front_matter["title"] for code in CODES for page in find_pages(code)}
    assert len(set(drawn)) >= len(titles)


def test_a_card_takes_a_long_title_in_either_language() -> None:
    for title, language in (("deadlock " * 12, "en"), ("ゾンビプロセスの、" * 9, "ja")):
        with Image.open(BytesIO(cards.draw(title, "After fork()", language))) as card:
            assert card.size == cards.SIZE
            assert len(card.getcolors() or []) > 2
    with pytest.raises(ValueError, match="too long for a card"):
        cards.draw("deadlock " * 200, "After fork()", "en")


@pytest.mark.parametrize("language", CODES)
def test_each_page_is_there_as_markdown(site: Built, language: str) -> None:
    for page in find_pages(language):
        link = site.pages[f"{page.address}index.html"].select_one("link[type='text/markdown']")
        assert link
        assert link["href"] == f"{SITE_URL}{page.address}index.md"
        text = file_at(site, str(link["href"])).read_text("utf-8")
        assert text.lstrip().startswith("# "), page.id
        prose = re.sub(r"`[^`\n]*`", "", prose_of(text))
        assert not re.search(r"--8<--|\{ *#|<div|^(?:!!!|\?\?\?)|<!--", prose, re.M), page.id
        for target in LINK.findall(prose):
            assert urlsplit(target).scheme, f"{page.id}: {target} is relative"
            if target.startswith(SITE_URL):
                assert file_at(site, target).is_file(), f"{page.id}: {target}"
        for fence in page.fences:
            if fence.include and not fence.include.part:
                shown = (EXAMPLES / fence.include.path).read_text("utf-8").strip()
                assert shown in re.sub(r"^(?:> ?| {4})", "", text, flags=re.M) or shown in text


def prose_of(text: str) -> str:
    """Without fences, also those in a quotation or an item of a list."""
    return re.sub(r"^[> ]*(`{3,}).*?^[> ]*\1$", "", text, flags=re.M | re.S)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_the_list_for_machines_has_every_page(site: Built, language: Language) -> None:
    text = (site.folder / language.folder / "llms.txt").read_text("utf-8")
    listed = [line for line in text.splitlines() if line.startswith("- ")]
    wanted = {
        f"- [{page.front_matter['title']}]({SITE_URL}{page.address}index.md): "
        f"{page.front_matter['description']}"
        for page in find_pages(language.code)
    }
    assert set(listed) == wanted
    assert len(listed) == len(wanted)


def test_the_feed_tells_what_changed(site: Built) -> None:
    counts = []
    for language in LANGUAGES:
        path = site.folder / language.folder / "feed.xml"
        root = ElementTree.fromstring(path.read_text("utf-8"))
        entries = root.findall(f"{ATOM}entry")
        ids = [entry.findtext(f"{ATOM}id") for entry in entries]
        days = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
        assert len(set(ids)) == len(ids)
        assert days == sorted(days, reverse=True)
        assert root.findtext(f"{ATOM}updated") == days[0]
        assert all(entry.findtext(f"{ATOM}summary") for entry in entries)
        for entry in entries:
            link = entry.find(f"{ATOM}link")
            assert link is not None
            assert file_at(site, link.attrib["href"]).is_file()
        (home,) = site.pages[f"{language.folder}index.html"].select("link[type*=atom]")
        assert home["href"] == "feed.xml"
        counts.append(len(entries))
    assert counts[0] == counts[1] > 40


def test_an_entry_of_the_errata_needs_its_day() -> None:
    assert feed.day_of(", 24 to 28 November 2026").isoformat() == "2026-11-28"
    with pytest.raises(ValueError, match="does not end in a day"):
        feed.day_of(", since November")


def test_search_engines_find_the_maps_and_when_pages_changed(site: Built) -> None:
    robots = (site.folder / "robots.txt").read_text("utf-8").splitlines()
    maps = [line.removeprefix("Sitemap: ") for line in robots if line.startswith("Sitemap: ")]
    assert robots[:2] == ["User-agent: *", "Allow: /"]
    assert maps == [f"{SITE_URL}{language.folder}sitemap.xml" for language in LANGUAGES]
    days = last_changes(ROOT)
    for address, code in zip(maps, CODES, strict=True):
        root = ElementTree.fromstring(file_at(site, address).read_text("utf-8"))
        dated = {
            url.findtext(f"{MAP}loc"): url.findtext(f"{MAP}lastmod")
            for url in root.iter(f"{MAP}url")
        }
        wanted = {
            SITE_URL + page.address: day.isoformat() if (day := days.get(page.path)) else None
            for page in find_pages(code)
        }
        assert dated == wanted
