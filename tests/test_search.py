"""The search finds every page that says what a reader looks for, in either language, at once.

What must be found is told from the pages as they are served, not from the index: a page is due when
its text contains a word of the query, after both went through NFKC and lower case. A Latin word
must begin there ("lock" does not ask for "deadlock": the index is made of words), Japanese may be
the middle of anything. Of several words the Japanese search wants all, in one section, the English
one any: that is how the theme's search works, and why an English query brings more pages than say
all of it.
"""

from __future__ import annotations

import re
import statistics
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import SECONDS, Site, language_at
from tests.support.results import MEASURED
from tools.pages import CODES, ROOT

QUERIES: dict[str, dict[str, list[str]]] = tomllib.loads(
    (ROOT / "tests/search_queries.toml").read_text("utf-8")
)
Recorder = Callable[[str, object], None]
LEAST_QUERIES = {"en": 30, "ja": 45}
WANTED_FIRST = 0.9
MEDIAN_MILLISECONDS = 15
BLOCKS = "h1, h2, h3, h4, h5, p, li, pre, td, th, summary, figcaption, text, dt, dd"
SECTION = "\f"
NO_TEXT = ".lab, .headerlink, .md-content__button, .md-source-file, .behind, script, style"

# The theme's own worker, as the theme started it. Answers come in the order of the questions, the
# theme's own among them; each is timed as it arrives.
WATCH = """
window.Worker = class extends Worker {
    constructor(address, options) {
        super(address, options)
        if (!String(address).includes("/workers/search.")) return
        const [READY, RESULT] = [1, 3]
        this.asked = []
        window.search = (query) => new Promise((resolve) => {
            const started = performance.now()
            const told = (items) => resolve({items, milliseconds: performance.now() - started})
            this.postMessage({type: 2, data: query}, told)
        })
        window.searchIsReady = new Promise((resolve, reject) => {
            setTimeout(reject, 30_000, new Error("the search does not start"))
            this.addEventListener("message", ({data}) => {
                if (data.type === READY) resolve(true)
                if (data.type === RESULT) this.asked.shift()(data.data.items)
            })
        })
    }
    postMessage(message, told = () => {}) {
        if (message.type === 2) this.asked.push(told)
        super.postMessage(message)
    }
}
"""


@dataclass(frozen=True)
class Answer:
    """What the search found."""

    pages: list[str]  # addresses below the root of the language, best first
    titles: dict[str, str]  # address -> what the search calls the page
    milliseconds: float


Answers = dict[str, dict[str, Answer]]


@pytest.fixture(scope="module")
def answers(served_site: Site, browser: Browser) -> Answers:
    """Language -> query -> what the search of that language answers."""
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        return {language: dict(_ask_all(page, served_site, language)) for language in CODES}


def _ask_all(page: Page, site: Site, language: str) -> Iterator[tuple[str, Answer]]:
    page.goto(home(site, language))
    page.locator(".md-search__input").focus()
    page.evaluate("searchIsReady")
    for query in QUERIES[language]:
        found = page.evaluate("query => search(query)", query)
        titles = {
            str(entry["location"]): _bare(entry["title"])
            for item in found["items"]
            for entry in item
            if "#" not in entry["location"]
        }
        yield query, Answer(list(titles), titles, found["milliseconds"])


def _bare(title: str) -> str:
    """A title without marks of what was found, and of where search-ja.js cut it."""
    return unescape(re.sub(r"<[^>]*>|\u200b", "", title))


def home(site: Site, language: str) -> str:
    return site.address + ("" if language == "en" else f"{language}/")


def same_form(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


@dataclass(frozen=True)
class Article:
    """What a page says, in the form in which texts are compared."""

    title: str
    sections: list[str]


Articles = dict[str, dict[str, Article]]


@pytest.fixture(scope="module")
def articles(served_site: Site) -> Articles:
    """Language -> address below its root -> what the page says."""
    found: Articles = {language: {} for language in CODES}
    for page in served_site.pages:
        if not page.endswith("404.html"):
            language = language_at(page)
            article = _article_of(served_site.file(page).read_text("utf-8"))
            found[language.code][page.removeprefix(language.folder)] = article
    return found


def _article_of(html: str) -> Article:
    article = BeautifulSoup(html, "html.parser").select_one("article")
    assert article
    for tag in article.select(NO_TEXT):
        tag.decompose()
    for tag in article.select(BLOCKS):
        tag.append("\n")
    for tag in article.select("h1, h2, h3, h4"):
        tag.insert_before(SECTION)
    heading = article.select_one("h1")
    assert heading
    sections = same_form(article.get_text()).split(SECTION)
    return Article(same_form(heading.get_text()).strip(), sections)


def due(query: str, language: str, articles: dict[str, Article]) -> set[str]:
    """The pages that the query must find."""
    wanted = any if language == "en" else all
    words = [_pattern(word) for word in same_form(query).split() if not _is_stop_word(word)]
    return {
        page
        for page, article in articles.items()
        if any(wanted(word.search(text) for word in words) for text in article.sections)
    }


def _pattern(word: str) -> re.Pattern[str]:
    begins = r"(?<![a-z0-9_])" if re.match(r"[a-z0-9_]", word) else ""
    return re.compile(begins + re.escape(word))


def _is_stop_word(word: str) -> bool:
    """Words that the English index leaves out, of those in the list of queries."""
    return word in {"in", "of", "too"}


@pytest.mark.parametrize("language", CODES)
def test_the_list_is_long_enough(language: str) -> None:
    assert len(QUERIES[language]) >= LEAST_QUERIES[language]


@pytest.mark.parametrize("language", CODES)
def test_every_page_that_says_it_is_found(
    language: str, answers: Answers, articles: Articles
) -> None:
    missed = {}
    for query, answer in answers[language].items():
        wanted = due(query, language, articles[language])
        assert wanted, f"no page says {query!r}: the query tests nothing"
        if lacking := wanted - set(answer.pages):
            missed[query] = sorted(lacking)
    assert missed == {}


@pytest.mark.parametrize("language", CODES)
def test_the_wanted_page_comes_first(
    language: str,
    answers: Answers,
    record_property: Recorder,
) -> None:
    wanted = QUERIES[language]
    other = {
        query: (wanted[query], answer.pages[:1])
        for query, answer in answers[language].items()
        if not set(answer.pages[:1]) <= set(wanted[query]) or not answer.pages
    }
    share = 1 - len(other) / len(wanted)
    record_property(MEASURED, f"search, {language}: the wanted page is first for {share:.1%}")
    assert share >= WANTED_FIRST, other


@pytest.mark.parametrize("language", CODES)
def test_every_result_is_a_page_of_this_language(
    language: str, answers: Answers, articles: Articles
) -> None:
    for query, answer in answers[language].items():
        found = {page: same_form(title) for page, title in answer.titles.items()}
        told = {page: article.title for page, article in articles[language].items()}
        assert found.items() <= told.items(), query


@pytest.mark.parametrize("language", CODES)
def test_it_answers_at_once(
    language: str,
    answers: Answers,
    record_property: Recorder,
) -> None:
    times = [answer.milliseconds for answer in answers[language].values()]
    median = statistics.median(times)
    record_property(
        MEASURED, f"search, {language}: median {median:.1f} ms, longest {max(times):.1f} ms"
    )
    assert median <= MEDIAN_MILLISECONDS, sorted(times)


TYPED = {"en": "mutex", "ja": "ﾐｭｰﾃｯｸｽ"}


@pytest.mark.parametrize("language", CODES)
def test_a_reader_types_and_follows_the_first_result(
    language: str, served_site: Site, browser: Browser
) -> None:
    query = TYPED[language]
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(home(served_site, language))
        page.keyboard.press("/")
        expect(page.locator(".md-search__input")).to_be_focused()
        page.keyboard.type(query)
        results = page.locator(".md-search-result__item > .md-search-result__link")
        expect(results.first).to_be_visible(timeout=30 * SECONDS)
        wanted = home(served_site, language) + QUERIES[language][query][0]
        assert next(_without_words(address) for address in _addresses(results)) == wanted
        assert all(
            address.startswith(home(served_site, language)) for address in _addresses(results)
        )
        page.keyboard.press("Enter")
        page.wait_for_url(f"{wanted}**")
        expect(page.locator("article mark:visible").first).to_be_visible()


def _addresses(results: Any) -> list[str]:
    return [str(address) for address in results.evaluate_all("links => links.map(a => a.href)")]


def _without_words(address: str) -> str:
    return address.split("?")[0]
