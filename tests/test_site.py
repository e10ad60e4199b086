"""The built site: both languages, linked to each other, whole, and asking nobody else."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString

from runner import EXAMPLES, Example, find_examples
from tools.pages import CODES, JAPANESE, LANGUAGES, ROOT, Page, find_pages
from tools.site.build import BUILT_SITE, REPO_URL, ROOT_PATH, SITE_URL, Built, build
from tools.site.lab_places import why_not
from tools.site.terms import NOT_RUNNING_TEXT, Term, pattern, read_terms, term_of

FIRST_VIEW_BYTES, FIRST_VIEW_REQUESTS, SEARCH_INDEX_BYTES = 110_000, 20, 160_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    if BUILT_SITE:
        return Built(ROOT / BUILT_SITE, "built before, strictly", 0)
    built = build(ROOT, tmp_path_factory.mktemp("site") / "site")
    assert built.status == 0, built.log
    return built


def article_pages(site: Built) -> Iterator[tuple[str, str, BeautifulSoup]]:
    """(language, address below the site's root, page) of every page."""
    for language in CODES:
        for page in find_pages(language):
            yield language, page.address, site.pages[f"{page.address}index.html"]


def test_the_build_warns_of_nothing(site: Built) -> None:
    assert re.findall(r"^(?:WARNING|ERROR).*", site.log, re.M) == []


def test_every_page_names_its_twin(site: Built) -> None:
    for language, address, page in article_pages(site):
        bare = address.removeprefix(JAPANESE.folder)
        twins = {twin.code: f"{SITE_URL}{twin.folder}{bare}" for twin in LANGUAGES}
        assert page.html
        assert page.html["lang"] == language
        alternates = {
            str(link["hreflang"]): str(link["href"]) for link in page.select("link[hreflang]")
        }
        assert alternates == {**twins, "x-default": f"{SITE_URL}{bare}"}
        canonical = page.select_one("link[rel=canonical]")
        assert canonical
        assert canonical["href"] == SITE_URL + address
        here = SITE_URL + address
        switches = {
            str(link["hreflang"]): urljoin(here, str(link["href"]))
            for link in page.select("a[hreflang]")
        }
        assert switches == twins


def test_every_page_can_be_edited_in_its_language(site: Built) -> None:
    for language in CODES:
        for source in find_pages(language):
            link = site.pages[f"{source.address}index.html"].select_one('a[rel~="edit"]')
            assert link
            assert link["href"] == f"{REPO_URL}/edit/main/docs/{language}/{source.name}"


def test_every_link_leads_somewhere(site: Built) -> None:
    """Pages, assets and fragments; strict builds do not see what hooks and templates link to."""
    broken = []
    for name, page in site.pages.items():
        here = f"{SITE_URL}{name}"
        for tag in page.select("[href], [src]"):
            written = str(tag.get("href") or tag.get("src"))
            target, fragment = urldefrag(urljoin(here, written))
            if not target.startswith(SITE_URL):
                continue
            file = site.file_for(target)
            if not file.is_file():
                broken.append(f"{name}: {written}")
            elif fragment and file.suffix == ".html":
                found = site.pages[file.relative_to(site.folder).as_posix()]
                if not found.find(id=unquote(fragment)) and fragment != "__toc":
                    broken.append(f"{name}: {written}")
    assert broken == []


def test_nothing_is_asked_of_another_origin(site: Built) -> None:
    asked = []
    for name, page in site.pages.items():
        for tag in page.select("[src], link[rel=stylesheet], link[rel=icon], link[rel=preload]"):
            target = urljoin(f"{SITE_URL}{name}", str(tag.get("src") or tag.get("href")))
            if not target.startswith(SITE_URL):
                asked.append(f"{name}: {target}")
    for path in site.folder.rglob("*"):
        if path.suffix in (".html", ".css", ".js"):
            for found in re.findall(
                r"https://(?:unpkg|cdnjs|cdn\.|fonts\.)[^\s\"')]*|@import[^;]*|url\(['\"]?https?:",
                path.read_text("utf-8"),
            ):
                asked.append(f"{path.relative_to(site.folder)}: {found}")
    assert asked == []


def test_a_page_runs_no_code_but_its_own(site: Built) -> None:
    """Its policy names each of its scripts; nothing is hidden in attributes."""
    for name, page in site.pages.items():
        first, policy = page.select("head > meta")[:2]
        assert first.has_attr("charset")
        assert policy["http-equiv"] == "Content-Security-Policy", f"{name}: not before all else"
        rules = dict(rule.strip().split(" ", 1) for rule in str(policy["content"]).split(";"))
        assert rules["default-src"] == "'none'"
        allowed = set(rules["script-src"].split())
        assert not allowed & {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "data:"}
        for script in page.select("script:not([src]):not([type='application/json'])"):
            digest = b64encode(sha256(script.get_text().encode()).digest()).decode()
            assert f"'sha256-{digest}'" in allowed, f"{name}: {script}"
        for tag in page.find_all(True):
            handlers = [attribute for attribute in tag.attrs if attribute.startswith("on")]
            assert handlers == [], f"{name}: {tag}"
            assert not str(tag.get("href", "")).startswith("javascript:"), f"{name}: {tag}"


def test_a_link_to_elsewhere_hands_nothing_over(site: Built) -> None:
    for name, page in site.pages.items():
        for link in page.select('a[href^="http"]'):
            if not str(link["href"]).startswith(SITE_URL):
                assert "noopener" in (link.get("rel") or ()), f"{name}: {link}"


def first_view(site: Built, name: str) -> Iterator[Path]:
    """What a browser asks for before the reader does anything, but for the search index."""
    here = f"{SITE_URL}{name}"
    page = site.pages[name]
    yield site.folder / name
    for tag in page.select(
        "link[rel=stylesheet], link[rel=icon], link[rel*=preload], [src]:not([loading=lazy])"
    ):
        yield from with_imports(site, urljoin(here, str(tag.get("href") or tag["src"])))
    (config,) = page.select("#__config")
    settings = json.loads(config.get_text())
    yield site.file_for(urljoin(here, settings["search"]))
    base = settings["base"].rstrip("/")  # whose map of the site instant navigation reads
    yield site.file_for(urljoin(here, f"{base}/sitemap.xml"))
    if page.select_one(".lab[data-options]:not([data-program])"):  # an editor that is open
        (panel,) = site.folder.glob("assets/lab/*/page/panel.mjs")
        yield from with_imports(site, SITE_URL + panel.relative_to(site.folder).as_posix())


def with_imports(site: Built, address: str) -> Iterator[Path]:
    """A file and, if it is a module, those it cannot begin without."""
    file = site.file_for(address)
    yield file
    if file.suffix == ".mjs":
        for imported in re.findall(r'^import .* from "(.+)"', file.read_text("utf-8"), re.M):
            yield from with_imports(site, urljoin(address, imported))


def weight(files: Iterable[Path]) -> int:
    """Bytes that a host sends, with gzip."""
    return sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)


def test_the_first_view_is_light(site: Built) -> None:
    for name in site.pages:
        files = set(first_view(site, name))
        assert weight(files) <= FIRST_VIEW_BYTES, f"{name}: {weight(files)} bytes"
        assert len(files) <= FIRST_VIEW_REQUESTS, f"{name}: {len(files)} requests"
    for index in site.folder.rglob("search_index.json"):
        assert weight([index]) <= SEARCH_INDEX_BYTES, f"{index}: {weight([index])} bytes"


def test_the_programs_can_be_downloaded(site: Built) -> None:
    linked = set()
    for name, page in site.pages.items():
        for link in page.select(".filename a[download]"):
            assert link.get("aria-label")
            linked.add(site.file_for(urljoin(f"{SITE_URL}{name}", str(link["href"]))))
    for example in find_examples():
        served = site.folder / "examples" / example.source.relative_to(EXAMPLES)
        assert served in linked
        assert served.read_bytes() == example.source.read_bytes()
    assert not list((site.folder / JAPANESE.folder).glob("examples"))


def test_every_program_can_be_run_or_says_why_not(site: Built) -> None:
    """In the place below its last fence; a site without an image of the machine has no places."""
    is_lab_built = bool(list(site.folder.glob("assets/lab/*/page/buttons.mjs")))
    for source in (page for language in CODES for page in find_pages(language)):
        includes = [fence.include for fence in source.fences if fence.include]
        shown = [include.path for include in includes if not include.is_output]
        last = sorted(len(shown) - shown[::-1].index(name) for name in set(shown))
        html = site.pages[f"{source.address}index.html"]
        fences = html.select("article .highlight:has(> .filename a[download])")
        links = html.select("article .highlight > .filename > a[download]")
        assert [link.get_text() for link in links] == shown, source.id
        outputs = {str(output["data-transcript"]) for output in html.select("[data-transcript]")}
        assert outputs == set(shown), source.id
        placed = [n for n, fence in enumerate(fences, 1) if fence.select(":scope > .lab > p")]
        assert placed == (last if is_lab_built else []), source.id
        for n in placed:
            (place,) = fences[n - 1].select(":scope > .lab")
            reason = why_not(Example(EXAMPLES / shown[n - 1]))
            assert place.get("data-program") == (None if reason else shown[n - 1]), source.id


def test_no_search_finds_a_place_for_buttons(site: Built) -> None:
    for language in LANGUAGES:
        index = site.folder / language.folder / "search/search_index.json"
        text = index.read_text("utf-8")
        found = json.dumps(json.loads(text)["docs"], ensure_ascii=False)
        notes = {
            note.get_text()
            for page in find_pages(language.code)
            for note in site.pages[f"{page.address}index.html"].select(".lab-note")
        }
        assert [note for note in notes if note in found] == []
        assert len(notes) > 1 or not list(site.folder.glob("assets/lab/*/page/buttons.mjs"))


def test_marks_and_diagrams_speak(site: Built) -> None:
    for language, address, page in article_pages(site):
        for mark in page.select(".surprises, .crashes, .deadlocks"):
            assert mark["role"] == "group"
            assert mark["aria-label"]
        assert page.select('img[src$=".svg"][src*="diagrams"]') == []
        for drawing in page.select("figure.diagram svg"):
            assert len(str(drawing["aria-label"])) > 20, f"{language} {address}"


def notebooks(site: Built) -> Iterator[tuple[str, list[Tag]]]:
    """(name, the article in each language) of every notebook."""
    for page in find_pages("en"):
        if page.is_notebook:
            built = [f"{Page(language, page.name).address}index.html" for language in CODES]
            yield page.name, [site.pages[name].select("article")[0] for name in built]


def test_a_notebook_is_a_page_like_any_other(site: Built) -> None:
    for name, articles in notebooks(site):
        for article in articles:
            assert article.select("style, script, clipboard-copy, [class*=jp-]") == [], name
            for chart in article.select("figure.diagram svg"):
                assert chart["role"] == "img"
                assert len(str(chart).encode()) < 20_000
                assert not re.search(r"#[0-9a-f]{6}\b(?!\))", str(chart)), "a colour of its own"
                assert "DejaVu" not in str(chart)


def test_a_notebook_has_the_same_figures_in_both_languages(site: Built) -> None:
    for name, articles in notebooks(site):
        english, japanese = ([cell.text for cell in a.select(".figures td")] for a in articles)
        assert english, name
        assert japanese == english


def change_a_cell(project: Path, language: str, code: str) -> None:
    page = project / "docs" / language / "memory/cost.py"
    text = page.read_text("utf-8")
    assert "\nfork_cost.chart(record)\n" in text
    page.write_text(text.replace("fork_cost.chart(record)", code), "utf-8")


@pytest.mark.parametrize("language", CODES)
def test_a_cell_that_fails_fails_the_build(project: Path, language: str) -> None:
    change_a_cell(project, language, "fork_cost.chart(recorded)")
    built = build(project, project / "site")
    assert built.status != 0
    assert "name 'recorded' is not defined" in built.log


def test_a_cell_that_prints_fails_each_build(project: Path) -> None:
    """Also the second, although outputs are kept."""
    change_a_cell(project, "en", "import sys\nprint('Oh', file=sys.stderr)")
    for _ in range(2):
        built = build(project, project / "site")
        assert built.status != 0
        assert "memory/cost.py: a cell prints: Oh" in built.log


def words_of_terms(article: Tag, language: str) -> Iterator[tuple[Term, str | None, str]]:
    """(term, target of its link, context) where running text uses a term, in its order."""
    for text in article.find_all(string=True):
        if isinstance(text, PreformattedString) or text.find_parent(list(NOT_RUNNING_TEXT)):
            continue
        annotations = text.find_parent("ol")
        before = annotations.find_previous_sibling() if annotations else None
        if before and "highlight" in before.get_attribute_list("class"):
            continue
        if text.find_parent(class_=["doors", "lab"]):
            continue
        link = text.find_parent("a")
        if link and "term" not in link.get_attribute_list("class"):
            continue
        for found in pattern(language).finditer(text):
            term = term_of(found, language)
            yield term, str(link["href"]) if link else None, f"…{text[: found.end()][-40:]}"


def test_the_first_use_of_a_term_leads_to_the_glossary(site: Built) -> None:
    wrong = []
    linked: Counter[str] = Counter()
    for language, address, page in article_pages(site):
        seen: set[str] = set()
        glossary = SITE_URL + Page(language, "reference/glossary.md").address
        if SITE_URL + address == glossary:
            continue
        for term, href, context in words_of_terms(page.select("article")[0], language):
            expected = None if term.id in seen else f"{glossary}#{term.id}"
            if (urljoin(SITE_URL + address, href) if href else None) != expected:
                wrong.append(f"{address}: {context} leads to {href}, not {expected}")
            seen.add(term.id)
        linked[language] += len(seen)
    assert wrong == []
    assert linked["en"] > 50
    assert linked["ja"] > 50


def test_the_glossary_says_what_each_term_means_and_is_searched(site: Built) -> None:
    for known in LANGUAGES:
        language, folder = known.code, known.folder
        glossary = site.pages[f"{folder}reference/glossary/index.html"]
        index = json.loads((site.folder / folder / "search/search_index.json").read_text("utf-8"))
        searched = {entry["location"]: entry for entry in index["docs"]}
        for term in read_terms():
            heading = glossary.find("h3", id=term.id)
            assert heading, f"{language}: no {term.id}"
            meaning = heading.find_next_sibling()
            assert meaning
            assert meaning.name == "p", f"{language}: {term.id} is not defined"
            assert term.definition[language].replace("`", "") in meaning.text
            assert meaning.select("a[href]")
            entry = searched[f"reference/glossary/#{term.id}"]
            assert term.name[language] in entry["title"].replace("\u200b", "")


def test_each_language_has_its_own_search_404_and_sitemap(site: Built) -> None:
    for known in LANGUAGES:
        language, folder = known.code, known.folder
        assert (site.folder / folder / "search/search_index.json").is_file()
        lost = site.pages[f"{folder}404.html"]
        assert lost.html
        assert lost.html["lang"] == language
        homes = {str(link["href"]) for link in lost.select("a[hreflang]")}
        assert homes == {ROOT_PATH, f"{ROOT_PATH}{JAPANESE.folder}"}
        sitemap = (site.folder / folder / "sitemap.xml").read_text("utf-8")
        for page in find_pages(language):
            assert f"<loc>{SITE_URL}{page.address}</loc>" in sitemap


def test_only_the_english_page_is_behind_nothing(site: Built) -> None:
    for language, address, page in article_pages(site):
        assert language == "ja" or not page.select(".behind"), address


def test_a_page_behind_says_so(project: Path) -> None:
    english = project / "docs/en/index.md"
    english.write_text(english.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
    built = build(project, project / "site")
    assert built.status == 0, built.log
    banner = built.pages[f"{JAPANESE.folder}index.html"].select_one(".behind")
    assert banner
    assert banner.select_one('a[hreflang="en"]')
    assert not built.pages["index.html"].select(".behind")


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize(
    ("addition", "message"),
    [
        ("[away](nowhere.md)", "nowhere.md"),
        ("[away](how-to-read.md#nowhere)", "#nowhere"),
        ('```python\n--8<-- "nowhere.py"\n```', "nowhere.py"),
    ],
)
def test_a_mistake_on_a_page_fails_the_build(
    project: Path, language: str, addition: str, message: str
) -> None:
    page = project / "docs" / language / "index.md"
    page.write_text(f"{page.read_text('utf-8')}\n{addition}\n", "utf-8")
    built = build(project, project / "site")
    assert built.status != 0
    assert message in built.log


def test_a_theme_that_changed_fails_the_build(project: Path) -> None:
    patches = project / "tools/site/theme_patches.py"
    text = patches.read_text("utf-8")
    patches.write_text(text.replace('"https://unpkg.com/"', '"https://gone.example/"'), "utf-8")
    built = build(project, project / "site")
    assert built.status != 0
    assert "has 'https://gone.example/' 0 times, not 2" in built.log
