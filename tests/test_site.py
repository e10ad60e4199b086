"""The built site: both languages, linked to each other, whole, and asking nobody else."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urldefrag, urljoin

import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from bs4.element import PreformattedString

from runner import EXAMPLES, Example, find_examples
from runner.source import Source
from tools.pages import CODES, JAPANESE, LANGUAGES, ROOT, Page, find_pages, is_behind
from tools.site.addresses import ledger, published
from tools.site.build import REPO_URL, ROOT_PATH, SITE_URL, Built, build
from tools.site.lab_places import why_not
from tools.site.terms import NOT_RUNNING_TEXT, Term, pattern, read_terms, term_of
from tools.site.theme_styles import UNUSED_ATTRIBUTES, UNUSED_CLASSES

FIRST_VIEW_BYTES, FIRST_VIEW_REQUESTS = 90_000, 12
ELSEWHERE = re.compile(
    r"https://(?:unpkg|cdnjs|cdn\.|fonts\.)[^\s\"')]*|@import[^;]*"
    r"|url\(['\"]?(?:https?:)?//[^)]*"
)
THEME = files("material") / "templates"
FORMS = ROOT / ".github/ISSUE_TEMPLATE"


def article_pages(site: Built) -> Iterator[tuple[str, str, BeautifulSoup]]:
    """(language, address below the site's root, page) of every page."""
    for language in CODES:
        for page in find_pages(language):
            yield language, page.address, site.pages[f"{page.address}index.html"]


def test_the_build(built: Built) -> None:
    if built.status or built.problems:
        pytest.fail(f"make site fails:\n{built.problems}", pytrace=False)


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


def test_every_page_leads_to_the_form_for_its_mistakes(site: Built) -> None:
    """The address fills in fields that the form has. In a build without git there is no version."""
    for _, address, page in article_pages(site):
        link = page.select_one(".report a")
        assert link, f"/{address} has no link to a form: docs/theme/main.html puts it there"
        to, _, query = str(link["href"]).partition("?")
        assert to == f"{REPO_URL}/issues/new"
        filled = dict(parse_qsl(query, strict_parsing=True))
        form = FORMS / filled.pop("template")
        assert form.is_file(), f"{form.relative_to(ROOT)} is gone: see tools/site/reports.py"
        body = yaml.safe_load(form.read_text("utf-8"))["body"]
        lacking = filled.keys() - {field.get("id") for field in body if field["type"] == "input"}
        assert not lacking, (
            f"{form.relative_to(ROOT)} has no input with id {', '.join(lacking)}, which "
            "tools/site/reports.py fills in"
        )
        assert filled["page"] == SITE_URL + address


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
                ids = site.ids[file.relative_to(site.folder).as_posix()]
                if unquote(fragment) not in {*ids, "__toc"}:
                    broken.append(f"{name}: {written}")
    assert broken == []


def test_nothing_is_asked_of_another_origin(site: Built) -> None:
    """With what the theme brings. tests/test_assets.py names the line of a source."""
    asked = []
    for name, page in site.pages.items():
        for tag in page.select("[src], link[rel=stylesheet], link[rel=icon], link[rel=preload]"):
            target = urljoin(f"{SITE_URL}{name}", str(tag.get("src") or tag.get("href")))
            if not target.startswith(SITE_URL):
                asked.append(f"{name}: {target}")
    for path in site.folder.rglob("*"):
        if path.suffix in (".html", ".css", ".js"):
            name = path.relative_to(site.folder).as_posix()
            asked.extend(asked_in(name, path.read_text("utf-8")))
    assert not asked, "asked of another host:\n" + "\n".join(asked)


def asked_in(name: str, text: str) -> Iterator[str]:
    """What the file *name* of the site asks of another host, a message for each."""
    is_of_theme = (THEME / name.removeprefix(JAPANESE.folder)).is_file()
    advice = ": a file of the theme; replace it in tools/site/theme_patches.py" * is_of_theme
    for found in ELSEWHERE.findall(text):
        yield f"{name}: {found}{advice}"


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("assets/images/favicon.png", ": a file of the theme; replace it in tools/site/theme_pa"),
        ("assets/stylesheets/prose.css", ""),
    ],
)
def test_who_asks_is_told_where_to_change_it(name: str, advice: str) -> None:
    (message,) = asked_in(name, "a{background:url(//x.example/p.png)}")
    assert message.startswith(f"{name}: url(//x.example/p.png{advice}")
    assert ("theme" in message) == bool(advice)


POLICY = {  # whoever loosens it says here what for
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",  # the lab; and the page's own, by their digests
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",  # single properties, by the theme's scripts and charts
    "img-src": "'self' data:",  # the theme's icons
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
}


def test_a_page_runs_no_code_but_its_own(site: Built) -> None:
    """Its policy names each of its scripts and allows nothing else; no code is in attributes."""
    for name, page in site.pages.items():
        first, policy = page.select("head > meta")[:2]
        assert first.has_attr("charset")
        assert policy["http-equiv"] == "Content-Security-Policy", f"{name}: not before all else"
        digests = {
            b64encode(sha256(script.get_text().encode()).digest()).decode()
            for script in page.select("script:not([src]):not([type='application/json'])")
        }
        scripts = " ".join(sorted(f"'sha256-{digest}'" for digest in digests))
        allowed = {**POLICY, "script-src": f"{POLICY['script-src']} {scripts}"}
        rules = dict(rule.strip().split(" ", 1) for rule in str(policy["content"]).split(";"))
        loosened = {directive for directive, _ in rules.items() ^ allowed.items()}
        assert not loosened, (
            f"{name}: its policy says {[(rule, rules.get(rule)) for rule in sorted(loosened)]}, "
            "which POLICY in tests/test_site.py does not: take it back in tools/site/csp.py"
        )
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
    """What a browser asks for before the reader does anything: see tests/test_weight.py, too."""
    here = f"{SITE_URL}{name}"
    page = site.pages[name]
    yield site.folder / name
    if refresh_of(page):
        return
    for tag in page.select(
        "link[rel=stylesheet], link[rel=icon], link[rel*=preload], [src]:not([loading=lazy])"
    ):
        yield from with_imports(site, urljoin(here, str(tag.get("href") or tag["src"])))
    if page.select_one(".lab[data-options]:not([data-program])"):  # an editor that is open
        (editor,) = site.folder.glob("assets/lab/*/page/editor.mjs")
        yield from with_imports(site, SITE_URL + editor.relative_to(site.folder).as_posix())


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


def test_a_bundle_has_its_content_in_its_name(site: Built) -> None:
    """A browser that kept an old one asks for the new."""
    bundles = sorted(site.folder.glob("assets/*.*.*"))
    assert [path.suffix for path in bundles] == [".js", ".css"]
    for path in bundles:
        digest = sha256(path.read_bytes()).hexdigest()
        assert digest.startswith(path.suffixes[0][1:]), path.name


def test_both_languages_load_the_same(site: Built) -> None:
    """Whatever a page loads is there already when its reader changes the language."""
    for page in find_pages("en"):
        english, japanese = (f"{Page(code, page.name).address}index.html" for code in CODES)
        own = {site.folder / english, site.folder / japanese}
        loaded, again = (set(first_view(site, name)) - own for name in (english, japanese))
        differs = [path.relative_to(site.folder).as_posix() for path in loaded ^ again]
        assert not differs, f"{page.id}: one language loads {', '.join(differs)}, the other not"


def test_no_page_has_what_the_style_sheets_leave_out(site: Built) -> None:
    """See tools/site/theme_styles.py."""
    found = {
        f"{name}: {class_name}"
        for name, page in site.pages.items()
        for tag in page.select("[class]")
        for class_name in tag.get_attribute_list("class")
        if class_name.startswith(UNUSED_CLASSES)
    }
    found |= {
        f"{name}: {attribute}={value}"
        for name, page in site.pages.items()
        for tag in page.select("[dir], [data-md-color-primary], [data-md-color-accent]")
        for attribute, value in tag.attrs.items()
        if UNUSED_ATTRIBUTES.fullmatch(f"[{attribute}={value}]")
    }
    assert not found, "take it out of tools/site/theme_styles.py:\n" + "\n".join(sorted(found))


def refresh_of(page: BeautifulSoup) -> str | None:
    """Where a page leads that has nothing to read."""
    refresh = page.select_one("meta[http-equiv=refresh]")
    return str(refresh["content"]).removeprefix("0; url=") if refresh else None


def landing(site: Built, address: str) -> str | None:
    """Where a reader of *address* comes to; None where nothing answers."""
    url, fragment = urldefrag(SITE_URL + address.removeprefix("/"))
    file = site.file_for(url)
    name = file.relative_to(site.folder).as_posix()
    if name not in site.pages:
        return address if file.is_file() else None
    page = site.pages[name]
    target = refresh_of(page)
    if target and fragment:
        target = f"{urldefrag(target).url}#{fragment}"
    elif fragment:
        found = page.find(id=fragment)
        if not isinstance(found, Tag):
            return None
        target = str(found.get("data-moved", ""))
    if target:
        return landing(site, urljoin(url, target).removeprefix(SITE_URL[:-1]))
    return address


def test_every_address_ever_published_answers(site: Built) -> None:
    lost = [address for address in sorted(ledger()) if not landing(site, address)]
    assert not lost, (
        "readers have links to these, which lead nowhere now. Say in docs/moved.toml where they "
        f'went, a line for each, as in "{lost[0]}" = "/new/place/":\n' + "\n".join(lost)
    )


def test_every_heading_has_an_address_of_the_ledger(site: Built) -> None:
    """docs/addresses.txt is written from the sources; no heading gets its id elsewhere."""
    known = published()
    for _, address, page in article_pages(site):
        for heading in page.select("article :is(h1, h2, h3, h4, h5, h6)[id]"):
            assert f"/{address}#{heading['id']}" in known


MOVES = """
"/old/page/" = "/processes/leaving/"
"/old/page/#old-id" = "/processes/leaving/#{here}"
"/old/page/#elsewhere" = "/processes/who-waits/#{there}"
"/old/part/" = "/processes/who-waits/#{there}"
"/older/" = "/old/page/"
"/processes/leaving/#gone" = "/old/page/#elsewhere"
"/examples/old.py" = "/examples/processes/ways_to_leave.py"
"""


def test_what_moved_answers_at_its_old_address(project: Path) -> None:
    here, there = (
        next(id for _, _, id in page.headings[1:] if id)
        for page in (Page("en", f"processes/{name}.md") for name in ("leaving", "who-waits"))
    )
    moved = project / "docs/moved.toml"
    moved.write_text(MOVES.format(here=here, there=there), "utf-8")
    built = build(project, project / "site")
    assert built.status == 0, built.log
    for language in ("", "/ja"):
        leaving, waits = f"{language}/processes/leaving/", f"{language}/processes/who-waits/"
        for old, new in (
            ("/old/page/", leaving),
            (f"/old/page/#{here}", f"{leaving}#{here}"),
            ("/old/page/#old-id", f"{leaving}#old-id"),
            ("/old/page/#elsewhere", f"{waits}#{there}"),
            ("/old/page/#never", None),
            ("/old/part/", f"{waits}#{there}"),
            ("/older/", leaving),
            ("/older/#elsewhere", f"{waits}#{there}"),
            ("/processes/leaving/#gone", f"{waits}#{there}"),
            ("/never/", None),
        ):
            assert landing(built, f"{language}{old}") == new, old
        page = built.pages[f"{leaving[1:]}index.html"]
        assert page.select_one(f"#{here} > #old-id")
        leads_on = built.pages[f"{language}/old/part/index.html"[1:]]
        assert leads_on.select_one("[name=robots][content=noindex]")
        assert leads_on.select_one(f'[rel=canonical][href="{SITE_URL}{waits[1:]}"]')
        for index in ("sitemap.xml", "search/index.json"):
            assert "old/" not in (built.folder / language[1:] / index).read_text("utf-8")
    program = (built.folder / "examples/old.py").read_bytes()
    assert program == (EXAMPLES / "processes/ways_to_leave.py").read_bytes()
    test_every_link_leads_somewhere(built)
    test_nothing_is_asked_of_another_origin(built)
    test_a_page_runs_no_code_but_its_own(built)
    test_the_first_view_is_light(built)


def test_a_move_that_leads_nowhere_fails_the_build(project: Path) -> None:
    (project / "docs/moved.toml").write_text(
        """
        "/processes/leaving/" = "/processes/who-waits/"
        "/old/" = "/nowhere/"
        "/older/" = "/processes/leaving/#nowhere"
        "/processes/leaving/#gone" = "/contributing/#nowhere"
        "/contributing/#rules" = "/contributing/#contributing"
        "/examples/old.py" = "/examples/nowhere.py"
        """,
        "utf-8",
    )
    built = build(project, project / "site")
    assert built.status != 0
    for message in (
        "/processes/leaving/ is still a page",
        "/old/ leads nowhere: there is no /nowhere/",
        "/older/ leads nowhere: there is no /processes/who-waits/#nowhere",
        "/processes/leaving/#gone leads nowhere: there is no /contributing/#nowhere",
        "'contributing.md' still has the id rules",
        "/examples/old.py leads nowhere: there is no program /examples/nowhere.py",
    ):
        assert message in built.log, built.log


def test_the_programs_can_be_downloaded(site: Built) -> None:
    linked = set()
    for name, page in site.pages.items():
        for link in page.select(".program-row a[download]"):
            assert link.get("aria-label")
            linked.add(site.file_for(urljoin(f"{SITE_URL}{name}", str(link["href"]))))
    for example in find_examples():
        served = site.folder / "examples" / example.source.relative_to(EXAMPLES)
        assert served in linked
        assert served.read_bytes() == example.source.read_bytes()
    assert not list((site.folder / JAPANESE.folder).glob("examples"))


def test_a_program_says_what_it_needs_beside_it(site: Built) -> None:
    """In a line that gives it, below the program; most need nothing."""
    for source in (page for language in CODES for page in find_pages(language)):
        html = site.pages[f"{source.address}index.html"]
        for row in html.select(".program-row"):
            (link,) = row.select("a")
            example = Example(EXAMPLES / str(link["href"]).rpartition("examples/")[2])
            line = row.find_next_sibling(class_="program-beside")
            links = line.select("a[download]") if isinstance(line, Tag) else []
            found = [str(link["href"]).rpartition("examples/")[2] for link in links]
            wanted = [path.relative_to(EXAMPLES).as_posix() for path in example.siblings]
            assert found == wanted, f"{source.id}: {example.id}"


def test_the_parts_of_a_program_are_the_program(site: Built) -> None:
    """As they stand on the page, one below the other, with every indent: but for its header."""
    for source in (page for language in CODES for page in find_pages(language)):
        parts: dict[str, list[str]] = {}
        for title in site.pages[f"{source.address}index.html"].select(".highlight > .filename"):
            code = title.find_next_sibling("pre")
            assert code
            parts.setdefault(title.get_text(), []).extend(code.get_text().splitlines())
        for name, lines in parts.items():
            whole = Source(EXAMPLES / name).body.splitlines()
            wanted = [line for line in whole if line.strip() and "--8<-- [" not in line]
            assert [line for line in lines if line.strip()] == wanted, f"{source.id}: {name}"


def test_what_other_pythons_print_is_folded_below_the_output(site: Built) -> None:
    """In both languages, from the files; nobody includes them."""
    for example in (example for example in find_examples() if len(example.transcripts) > 1):
        first, *others = example.transcripts.values()
        include = first.relative_to(EXAMPLES).as_posix()
        for code in CODES:
            (source,) = (page for page in find_pages(code) if f'"{include}"' in page.text)
            html = site.pages[f"{source.address}index.html"]
            program = html.select(f'.highlight:has(.program-row a[href*="/{example.id}."])')[-1]
            outputs = program.find_all_next(class_="language-console", limit=len(others) + 1)
            texts = [path.read_text("utf-8") for path in (first, *others)]
            assert [output.get_text() for output in outputs] == texts, source.id
            folds = [output.parent for output in outputs[1:]]
            assert all(fold and fold.name == "details" for fold in folds), source.id


def test_every_program_can_be_run_or_says_why_not(site: Built) -> None:
    """In the place below its last fence; a site without an image of the machine has no places."""
    is_lab_built = bool(list(site.folder.glob("assets/lab/*/page/buttons.mjs")))
    for source in (page for language in CODES for page in find_pages(language)):
        includes = [fence.include for fence in source.fences if fence.include]
        shown = [include.path for include in includes if not include.is_output]
        examples = {example.source for example in find_examples()}
        names = {name for name in shown if EXAMPLES / name in examples}
        last = sorted(len(shown) - shown[::-1].index(name) for name in names)
        html = site.pages[f"{source.address}index.html"]
        fences = html.select("article .highlight:has(> .filename)")
        titles = html.select("article .highlight > .filename")
        assert [title.get_text() for title in titles] == shown, source.id
        outputs = {str(output["data-transcript"]) for output in html.select("[data-transcript]")}
        assert outputs == names, source.id
        rows = [n for n, fence in enumerate(fences, 1) if fence.select(":scope .program-row")]
        assert rows == last, source.id
        placed = [n for n, fence in enumerate(fences, 1) if fence.select(":scope > .lab .lab-note")]
        assert placed == (last if is_lab_built else []), source.id
        for n in placed:
            (place,) = fences[n - 1].select(":scope > .lab")
            reason = why_not(Example(EXAMPLES / shown[n - 1]))
            assert place.get("data-program") == (None if reason else shown[n - 1]), source.id


def test_no_search_finds_a_place_for_buttons(site: Built) -> None:
    for language in LANGUAGES:
        texts = (site.folder / language.folder / "search/texts").rglob("*.json")
        found = "".join(text.read_text("utf-8") for text in texts)
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
        if is_behind(Page("en", name).path, Page("ja", name).path):
            continue
        english, japanese = ([cell.text for cell in a.select(".figures td")] for a in articles)
        assert english, name
        assert japanese == english, f"docs/ja/{name} shows other figures than docs/en/{name}"


def words_of_terms(article: Tag, language: str) -> Iterator[tuple[Term, str | None, str]]:
    """(term, target of its link, context) where running text uses a term, in its order."""
    for text in article.find_all(string=True):
        if isinstance(text, PreformattedString) or text.find_parent(list(NOT_RUNNING_TEXT)):
            continue
        annotations = text.find_parent("ol")
        before = annotations.find_previous_sibling() if annotations else None
        if before and "highlight" in before.get_attribute_list("class"):
            continue
        if text.find_parent(class_=["doors", "lab", "highlight"]):
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
        texts = site.folder / folder / "search/texts/reference/glossary.json"
        searched = {id: heading for id, heading, _ in json.loads(texts.read_text("utf-8"))}
        for term in read_terms():
            heading = glossary.find("h3", id=term.id)
            assert heading, f"{language}: no {term.id}"
            meaning = heading.find_next_sibling()
            assert meaning
            assert meaning.name == "p", f"{language}: {term.id} is not defined"
            assert term.definition[language].replace("`", "") in meaning.text
            assert meaning.select("a[href]")
            assert term.name[language] in searched[term.id]


def test_each_language_has_its_own_search_404_and_sitemap(site: Built) -> None:
    for known in LANGUAGES:
        language, folder = known.code, known.folder
        assert (site.folder / folder / "search/index.json").is_file()
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
