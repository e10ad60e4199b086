"""The lab: what a reader's browser runs is what the page shows, and can always be stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from runner import Example, find_examples, transcript_of
from runner.transcript import compose, with_aliases
from tests.support.browser import SECONDS, Site
from tests.support.lab import (
    ONE,
    RUNNABLE,
    ask,
    code_of,
    name_of,
    output_of,
    page_of,
    place_of,
    run,
    stop,
    type_and_run,
    verdict_of,
)
from tools.pages import CODES
from tools.site.lab_places import options_of
from tools.site.transcripts import python_of_the_lab
from tools.words import say

pytestmark = pytest.mark.usefixtures("machine")
each_runnable = pytest.mark.parametrize("example", RUNNABLE, ids=lambda example: example.id)


@pytest.fixture(scope="module")
def site(served_site: Site) -> Site:
    return served_site


@pytest.fixture(scope="module")
def shared_page(browser: Browser) -> Iterator[Page]:
    """One tab for all examples: its cache keeps the machine."""
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of a browser that has never been here."""
    with browser.new_context() as context:
        yield context.new_page()


@each_runnable
def test_it_prints_what_the_page_shows(example: Example, site: Site, shared_page: Page) -> None:
    address = site.address + page_of(example)
    if shared_page.url != address:
        shared_page.goto(address)
        shared_page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
    place = place_of(shared_page, example)
    verdict = run(place, 90)
    assert verdict == "same", place.inner_text()


@pytest.mark.parametrize(
    "example",
    [
        pytest.param(example, id=f"{example.id}-{example.settings.lab}")
        for example in find_examples()
        if example.settings.lab not in ("", "cpus")
    ],
)
def test_a_reason_for_no_button_holds(example: Example, lab_page: Page) -> None:
    """Run as any other, the program does not print in time what the page shows."""
    options = options_of(example)
    options.pop("fresh", None)
    options["files"] = {
        name: example.source.with_name(name).read_text("utf-8") for name in options.get("files", [])
    }
    ended = ask(lab_page, example.source.read_text("utf-8"), **options, name=example.source.name)
    differences = lab_page.evaluate(
        """async ([code, transcript, { output, status }, order]) => {
            const text = await import(new URL("transcript.mjs", code))
            const command = transcript.split("\\n", 1)[0].slice(2)
            const seen = text.compose(command, text.withAliases(output), status)
            return text.difference(transcript, seen, { anyOrder: order === "any" })
        }""",
        [
            code_of(lab_page),
            transcript_of(example.source, python_of_the_lab()).read_text("utf-8"),
            ended,
            example.settings.order,
        ],
    )
    print("\n".join(differences))
    assert differences, f"lab = {example.settings.lab!r} is not needed any more"


def test_the_machine_has_one_cpu(lab_page: Page) -> None:
    """On one, a program that is about two may print the same, by the way its steps were cut."""
    place = type_and_run(lab_page, "import os\nprint(len(os.sched_getaffinity(0)))\n")
    assert verdict_of(place) == "ended"
    assert output_of(place).inner_text().strip() == "1"


# What a reader does. Programs of our own are typed on the page of the lab.


@pytest.fixture
def lab_page(site: Site, shared_page: Page) -> Page:
    shared_page.goto(f"{site.address}lab/")
    return shared_page


def test_nothing_is_loaded_before_the_click(site: Site, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.address + page_of(ONE))
    page.wait_for_load_state("networkidle")
    code = [Path(url).name for url in asked if "/assets/lab/" in url]
    assert sorted(code) == ["buttons.mjs", "words.mjs"]
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0


def test_the_first_click_tells_size_and_progress(site: Site, page: Page) -> None:
    page.goto(site.address + page_of(ONE))
    page.evaluate(
        """name => { window.told = []
        const status = document.querySelector(`[data-program="${name}"] .lab-status`)
        new MutationObserver(() => told.push(status.textContent)).observe(status, {childList: true})
        }""",
        name_of(ONE),
    )
    assert run(place_of(page, ONE)) == "same"
    told = page.evaluate("told")
    loading = re.compile(r"Loading a Linux, \d+\.\d MB, once: \d+ %")
    percents = [text for text in told if loading.fullmatch(text)]
    assert percents[-1].endswith(": 100 %")
    assert told[-2:] == ["Running …", "Same as the transcript on this page."]


def test_output_comes_while_the_program_runs(lab_page: Page) -> None:
    place = type_and_run(
        lab_page, "import time\nprint('first', flush=True)\ntime.sleep(4)\nprint('last')\n"
    )
    expect(output_of(place)).to_have_text("first\n", timeout=30 * SECONDS)
    assert place.get_attribute("data-verdict") is None
    assert verdict_of(place) == "ended"
    expect(output_of(place)).to_have_text("first\nlast\n")


def test_a_difference_is_shown(site: Site, shared_page: Page) -> None:
    """The page says something else than the program prints: as if the two had drifted apart."""
    example = ONE
    shared_page.goto(site.address + page_of(example))
    shared_page.evaluate(
        "name => document.querySelector(`[data-transcript='${name}'] code`).append('more\\n')",
        name_of(example),
    )
    place = place_of(shared_page, example)
    assert run(place) == "differs"
    expect(place.locator(".lab-diff-old")).to_have_text("-more\n")


def test_an_edited_program_runs_edited_and_comes_back(site: Site, shared_page: Page) -> None:
    example = ONE
    shared_page.goto(site.address + page_of(example))
    place = place_of(shared_page, example)
    place.locator(".lab-edit").click()
    editor = place.locator("textarea")
    expect(editor).to_be_focused()
    source = re.sub(r"^ *# --8<-- .*\n", "", example.source.read_text("utf-8"), flags=re.M)
    assert editor.input_value() == source
    editor.press("Control+A")
    editor.press_sequentially("print(")
    editor.press("Tab")
    editor.press_sequentially("6 * 7)")
    assert editor.input_value() == "print(    6 * 7)"
    editor.press("Control+Enter")
    assert verdict_of(place) == "ended"
    expect(output_of(place)).to_have_text("42\n")
    editor.press("Control+Z")
    assert editor.input_value() != "print(    6 * 7)"
    editor.press_sequentially("print(7)")
    place.locator(".lab-edit").click()
    expect(editor).to_have_count(0)
    assert run(place) == "same"


def test_no_run_sees_the_one_before(lab_page: Page) -> None:
    program = (
        "import os, pathlib\nprint(os.listdir())\npathlib.Path('left').touch()\n"
        "print(os.urandom(8).hex())\n"
    )
    outputs = []
    for _ in range(3):
        assert verdict_of(type_and_run(lab_page, program)) == "ended"
        outputs.append(output_of(lab_page.locator(".lab")).inner_text().splitlines())
    assert {lines[0] for lines in outputs} == {"['program.py']"}
    assert len({lines[1] for lines in outputs}) == 3


def test_stop_is_a_ctrl_c(lab_page: Page) -> None:
    place = type_and_run(lab_page, "print('on', flush=True)\nwhile True:\n    pass\n")
    expect(output_of(place)).to_contain_text("on", timeout=30 * SECONDS)
    stop(place)
    assert verdict_of(place) == "ended"
    expect(output_of(place)).to_contain_text("KeyboardInterrupt")
    expect(place.locator(".lab-status")).to_have_text("Ended: SIGINT.")


DEADLOCK = """\
import os, signal, threading
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
lock = threading.Lock()
lock.acquire()
pid = os.fork()
print('stuck', flush=True)
lock.acquire()
"""


def test_a_second_stop_ends_what_no_ctrl_c_ends(lab_page: Page) -> None:
    place = type_and_run(lab_page, DEADLOCK)
    expect(output_of(place)).to_contain_text("stuck", timeout=30 * SECONDS)
    stop(place)
    expect(place.locator(".lab-stop")).to_have_text("Reset the machine")
    lab_page.wait_for_timeout(500)
    assert place.get_attribute("data-verdict") is None
    stop(place)
    assert verdict_of(place, 5) == "stopped"
    assert verdict_of(type_and_run(lab_page, "print('well')")) == "ended"
    expect(output_of(place)).to_have_text("well\n")


def test_another_run_ends_the_one_before(site: Site, shared_page: Page) -> None:
    shared_page.goto(site.address)
    first, second = (shared_page.locator(".lab[data-program]").nth(n) for n in (0, 1))
    first.locator(".lab-edit").click()
    first.locator("textarea").fill("while True: pass")
    first.locator(".lab-run").click()
    expect(first.locator(".lab-stop")).to_be_visible(timeout=30 * SECONDS)
    assert run(second) == "same"
    assert first.get_attribute("data-verdict") == "stopped"


def test_a_program_reads_what_is_typed(lab_page: Page) -> None:
    place = type_and_run(
        lab_page, "import sys\nprint(input('name? ').upper())\nprint(len(sys.stdin.read()))\n"
    )
    expect(output_of(place)).to_have_text("name? ", timeout=30 * SECONDS)
    line = place.locator(".lab-input input")
    line.fill("ada")
    line.press("Enter")
    expect(output_of(place)).to_contain_text("ADA")
    line.fill("four")
    line.press("Enter")
    place.get_by_role("button", name="End of input").click()
    assert verdict_of(place) == "ended"
    assert output_of(place).inner_text().splitlines()[-1] == "5"


def test_the_second_visit_needs_no_network(site: Site, page: Page) -> None:
    example = ONE
    page.goto(site.address + page_of(example))
    assert run(place_of(page, example)) == "same"
    page.wait_for_function(
        """async (code) => {
            const { FILES } = await import(new URL("../files.mjs", code))
            const [pages, lab] = await Promise.all(
                ["after-fork-pages", "after-fork-lab"].map((name) => caches.open(name)))
            const wanted = [...FILES.code.map((name) => new URL(name, code)), location.pathname]
            const kept = await Promise.all(wanted.map((url) => pages.match(url)))
            return kept.every(Boolean) && (await lab.keys()).length === 3
        }""",
        arg=code_of(page),
    )
    page.context.set_offline(True)
    page.reload()
    assert run(place_of(page, example)) == "same"
    page.context.set_offline(False)


def test_a_failed_download_says_so_and_can_be_tried_again(site: Site, page: Page) -> None:
    (state,) = site.folder.glob("assets/lab/memory.*.zst")
    hidden = state.rename(state.with_suffix(".hidden"))
    page.goto(site.address + page_of(ONE))
    place = place_of(page, ONE)
    assert run(place) == "failed"
    expect(place.locator(".lab-status")).to_contain_text("The download failed.")
    hidden.rename(state)
    assert run(place) == "same"


def test_code_that_does_not_load_says_so_too(site: Site, page: Page) -> None:
    page.goto(site.address + page_of(ONE))
    place = place_of(page, ONE)
    expect(place.locator(".lab-run")).to_be_visible()
    page.context.set_offline(True)
    for button in (".lab-run", ".lab-edit"):
        place.locator(".lab-status").evaluate("status => status.textContent = ''")
        place.locator(button).click()
        expect(place.locator(".lab-status")).to_contain_text("The download failed.")
    page.context.set_offline(False)
    page.wait_for_function("() => fetch(location.href).then((answer) => answer.ok, () => false)")
    assert run(place) == "same"


def test_a_licence_comes_with_the_texts_it_refers_to(site: Site) -> None:
    files = list((site.folder / "assets/lab/licences").iterdir())
    assert len(files) > 10
    for file in files:
        text = file.read_text("utf-8")
        for names in re.findall(r"/usr/share/common-licenses/\{?([\w.,-]*\w)", text):
            for name in names.split(","):
                assert f"\n{name}\n{'=' * len(name)}\n" in text, f"{file.name} lacks {name}"


@pytest.mark.parametrize("language", CODES)
def test_without_javascript_a_line_says_why_there_is_no_button(
    language: str, site: Site, browser: Browser
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.address + page_of(ONE, language))
        expect(page.locator(".lab").first).to_contain_text("JavaScript")


@pytest.mark.parametrize("language", CODES)
def test_a_program_that_cannot_run_here_says_why(
    language: str, site: Site, shared_page: Page
) -> None:
    in_c = next(example for example in find_examples() if example.source.suffix == ".c")
    shared_page.goto(site.address + page_of(in_c, language))
    note = say("lab.why_not.compiler", language)
    expect(shared_page.locator(".lab-note", has_text=note).first).to_be_visible()


def test_it_works_after_the_theme_swapped_the_page(site: Site, page: Page) -> None:
    errors: list[str] = []
    page.on("console", lambda message: _note_error(message, errors))
    page.goto(site.address + page_of(ONE))
    assert run(place_of(page, ONE)) == "same"
    page.evaluate("window.notReloaded = true")
    page.locator(".md-footer__link--next").click()
    page.wait_for_url(lambda url: url != site.address + page_of(ONE))
    expect(place_of(page, ONE)).to_have_count(0)
    expect(page.locator(".lab--equipped").first).to_be_visible()
    assert page.evaluate("window.notReloaded")
    assert run(page.locator(".lab[data-program]").first) == "same"
    assert errors == []


def _note_error(message: ConsoleMessage, errors: list[str]) -> None:
    if message.type == "error":
        errors.append(message.text)


@pytest.mark.parametrize("language", CODES)
def test_a_telephone_has_room_for_it(language: str, site: Site, browser: Browser) -> None:
    with browser.new_context(viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(site.address + page_of(ONE, language))
        place = page.locator(".lab[data-program]").first
        place.locator(".lab-edit").click()
        assert run(place) == "same"
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_who_does_not_see_is_told(site: Site, shared_page: Page) -> None:
    """Names of buttons, live regions, and a focus that is never lost."""
    shared_page.goto(site.address + page_of(ONE))
    place = place_of(shared_page, ONE)
    name = place.get_attribute("data-program")
    button = place.get_by_role("button", name=f"Run {name}")
    button.focus()
    shared_page.keyboard.press("Enter")
    expect(place.locator(".lab-stop")).to_be_focused(timeout=30 * SECONDS)
    assert verdict_of(place) == "same"
    expect(button).to_be_focused()
    expect(place.locator(".lab-status[role=status]")).to_contain_text("Same")
    expect(place.get_by_role("log", name="Output of this run")).to_be_visible()


# The same rules in two languages of programming


TEXTS = [
    "pid=7 ppid=1 pid=9 pid=7 sid=0 tid=31337",
    "at 0x7ffd12345678, again 0x7ffd12345678, other 0xdeadbeef12; not 0x12",
    "port=41234 ('127.0.0.1', 41234) 127.0.0.1:55555 localhost:41234 [::1]:9999 ('::1', 1234)",
    "/tmp/tmpab12_xyz /tmp/tmpab12_xyz/x /tmp/tmp00000000",
    "pid=12345\nrapid=3 pid=12345x",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_browser_gives_the_same_aliases(text: str, lab_page: Page) -> None:
    seen, composed = lab_page.evaluate(
        """async ([code, text]) => {
            const made = await import(new URL("transcript.mjs", code))
            return [made.withAliases(text), made.compose("python x.py", text + "\\n", "7")]
        }""",
        [code_of(lab_page), text],
    )
    assert seen == with_aliases(text)
    assert composed == compose("python x.py", text + "\n", "7")
