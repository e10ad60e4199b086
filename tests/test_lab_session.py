"""A run in the lab from press to verdict: nothing untrue, nothing that hangs, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.support.browser import SECONDS, Site
from tests.support.lab import (
    DOUBLE_CLICK,
    ONE,
    RUNNABLE,
    ask,
    name_of,
    output_of,
    page_of,
    place_of,
    run,
    stop,
    type_and_run,
    verdict_of,
)

pytestmark = pytest.mark.usefixtures("machine")
MEMORY = "**/memory.*.zst"
FOUR = "descriptors/one-open-file-description/"  # a page with at least four programs
DOUBLE_CLICK_OF_PANEL = 400  # milliseconds: DOUBLE_CLICK in lab/web/page/panel.mjs
SLOW = next(example for example in RUNNABLE if example.settings.expect == "timeout")
BESIDE = next(one for one in RUNNABLE if one.id == "hooks/fork_safe_client")
MARKED = next(one for one in RUNNABLE if "# --8<--" in one.source.read_text("utf-8"))


@pytest.fixture(scope="module")
def site(served_site: Site) -> Site:
    return served_site


@pytest.fixture(scope="module")
def shared_page(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab of a browser that has never been here, whose requests a test may answer."""
    with browser.new_context(service_workers="block") as context:
        yield context.new_page()


@pytest.fixture
def lab_page(site: Site, shared_page: Page) -> Page:
    shared_page.goto(f"{site.address}lab/")
    shared_page.evaluate("sessionStorage.clear()")
    shared_page.reload()
    expect(shared_page.locator("textarea")).to_be_visible()
    return shared_page


def status_of(place: Locator) -> Locator:
    return place.locator(".lab-status")


class SlowNetwork:
    """What *pattern* names does not come until it is released."""

    def __init__(self, page: Page, pattern: str) -> None:
        self._waiting: list[Route] | None = []
        page.route(pattern, self._answer)

    def _answer(self, route: Route) -> None:
        if self._waiting is None:
            route.continue_()
        else:
            self._waiting.append(route)

    def let_pass(self) -> list[Route]:
        """From now on all comes, but for what waits."""
        waiting, self._waiting = self._waiting or [], None
        return waiting

    def release(self) -> None:
        for route in self.let_pass():
            route.continue_()


# One run at a time


def test_of_clicks_before_the_machine_is_there_the_last_counts(site: Site, page: Page) -> None:
    network = SlowNetwork(page, MEMORY)
    page.goto(site.address + FOUR)
    places = page.locator(".lab[data-program]").all()[:4]
    assert len(places) == 4
    for place in places:
        place.locator(".lab-run").click()
        page.wait_for_timeout(400)
    network.release()
    _only_the_last_ran(places)


def test_of_four_clicks_at_once_the_last_counts(site: Site, page: Page) -> None:
    page.goto(site.address + FOUR)
    places = page.locator(".lab[data-program]").all()[:4]
    assert run(places[0]) == "same"
    for place in places:
        place.evaluate("place => delete place.dataset.verdict")
    page.evaluate(
        "[...document.querySelectorAll('.lab-run')].slice(0, 4).forEach(button => button.click())"
    )
    _only_the_last_ran(places)


def _only_the_last_ran(places: list[Locator]) -> None:
    *others, last = places
    assert verdict_of(last) == "same"
    for place in others:
        assert verdict_of(place, 5) == "stopped"
        expect(status_of(place)).to_have_text("Stopped before the program began.")
    for place in places:
        expect(place.locator(".lab-run")).to_be_visible()
        expect(place.locator(".lab-stop")).to_be_hidden()
    assert run(others[0]) == "same"


def test_a_double_click_on_run_is_one_run(site: Site, shared_page: Page) -> None:
    shared_page.goto(site.address + page_of(ONE))
    place = place_of(shared_page, ONE)
    assert run(place) == "same"
    for gap in (60, 150, 250):
        assert _verdict_of_a_double_click(place, gap) == "same", f"{gap} ms"


def _verdict_of_a_double_click(place: Locator, gap: int) -> str:
    """Of one that the page, too, saw as one: on a busy machine the second half may come late."""
    for _ in range(10):
        place.evaluate("place => delete place.dataset.verdict")
        seen = place.evaluate(_PRESS_TWICE, gap)
        verdict = verdict_of(place)
        if seen < DOUBLE_CLICK_OF_PANEL:
            return verdict
        place.page.wait_for_timeout(DOUBLE_CLICK)
    pytest.fail(f"none of ten double clicks of {gap} ms came in time")


_PRESS_TWICE = """async (place, gap) => {
    const press = () => place.querySelector(".lab-bar > button:not([hidden])").click()
    const begin = performance.now()
    press()
    await new Promise((resolve) => setTimeout(resolve, gap))
    press()
    return performance.now() - begin
}"""


def test_a_double_click_on_stop_is_one_ctrl_c(lab_page: Page) -> None:
    place = type_and_run(lab_page, "print('on', flush=True)\nwhile True: pass\n")
    expect(output_of(place)).to_contain_text("on", timeout=30 * SECONDS)
    lab_page.wait_for_timeout(DOUBLE_CLICK)
    place.locator(".lab-stop").dblclick()
    assert verdict_of(place) == "ended"
    expect(status_of(place)).to_have_text("Ended: SIGINT.")
    lab_page.wait_for_timeout(300)
    expect(place.locator(".lab-run")).to_be_visible()


def test_a_run_that_was_stopped_is_not_compared(site: Site, shared_page: Page) -> None:
    shared_page.goto(site.address + page_of(SLOW))
    place = place_of(shared_page, SLOW)
    place.locator(".lab-run").click()
    expect(status_of(place)).to_have_text("Running …", timeout=30 * SECONDS)
    shared_page.wait_for_timeout(1500)
    stop(place)
    assert verdict_of(place) == "ended"
    expect(status_of(place)).to_contain_text("It was interrupted, so its output is not compared.")
    expect(place.locator(".lab-diff")).to_have_count(0)


def test_a_run_whose_page_was_left_is_ended(site: Site, shared_page: Page) -> None:
    shared_page.goto(f"{site.address}lab/")
    type_and_run(shared_page, "while True: print('on', flush=True)\n")
    expect(output_of(shared_page.locator(".lab"))).to_contain_text("on", timeout=30 * SECONDS)
    shared_page.evaluate("window.left = document.querySelector('.lab')")
    shared_page.locator(".md-footer__link--next").click()
    shared_page.wait_for_function("() => left.dataset.verdict === 'stopped'")


def test_a_key_held_down_is_one_press(lab_page: Page) -> None:
    place = type_and_run(lab_page, "print('warm')\n")
    assert verdict_of(place) == "ended"
    place.locator("textarea").fill("print('on', flush=True)\nwhile True: pass\n")
    place.locator(".lab-run").focus()
    lab_page.keyboard.down("Enter")
    expect(output_of(place)).to_contain_text("on", timeout=30 * SECONDS)
    for _ in range(3):
        lab_page.wait_for_timeout(DOUBLE_CLICK)
        lab_page.keyboard.down("Enter")  # again: what a key held down says
    lab_page.keyboard.up("Enter")
    expect(status_of(place)).to_have_text("Running …")
    lab_page.keyboard.press("Enter")  # on Stop
    assert verdict_of(place) == "ended"


# How a run ends


ORPHAN = """\
import os, time
if os.fork() == 0:
    time.sleep(4)
    print("orphan of", os.getppid())
"""


def test_what_an_orphan_prints_later_is_shown(lab_page: Page) -> None:
    place = type_and_run(lab_page, ORPHAN)
    expect(status_of(place)).to_have_text(
        "The program has ended, but 1 process of it is still running."
        " Output is shown for 20 seconds at most.",
        timeout=30 * SECONDS,
    )
    assert verdict_of(place) == "ended"
    expect(output_of(place)).to_have_text("orphan of 1\n")
    expect(status_of(place)).to_have_text("Ended.")


LATE = """\
import os, signal, time
if os.fork() == 0:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while os.getppid() != 1:
        time.sleep(0.01)
    time.sleep(0.1)
    print("the program has ended", flush=True)
    time.sleep(3)
    print("late", flush=True)
"""


def test_a_ctrl_c_after_the_end_hides_nothing_of_what_is_left(lab_page: Page) -> None:
    """For a moment the page does not know yet that processes are left, and says "Running …"."""
    ended = ask(lab_page, LATE, stopAt="has ended", linger=8)
    assert ended["output"].splitlines()[-1] == "late"
    assert (ended["status"], ended["leftovers"]) == ("0", 0)


def test_a_process_that_outlives_the_program_is_told_of(lab_page: Page) -> None:
    place = type_and_run(lab_page, "import os, time\nif os.fork() == 0: time.sleep(60)\n")
    expect(status_of(place)).to_contain_text("1 process of it is", timeout=30 * SECONDS)
    expect(place.locator(".lab-stop")).to_have_text("Reset the machine")
    stop(place)
    assert verdict_of(place, 5) == "ended"
    expect(status_of(place)).to_have_text(
        "Ended. When the machine was reset, 1 process of it was still running."
    )


@pytest.mark.parametrize("count", [1, 60])
def test_after_its_end_a_program_has_a_limit_too(count: int, lab_page: Page) -> None:
    """Sixty that are busy leave the leader no time to say how many they are."""
    busy = f"import os\nfor _ in range({count}):\n    if os.fork() == 0:\n        while 1: pass\n"
    ended = ask(lab_page, busy, linger=3)
    assert ended["status"] == "0"
    assert ended["leftovers"] in ((1,) if count == 1 else (None, *range(1, 61)))
    assert ended["states"][:2] == ["running", "lingering"]


def test_the_time_does_not_run_while_the_program_waits_for_a_line(lab_page: Page) -> None:
    reads = "print(len(input('think: ')))\n"
    ended = ask(lab_page, reads, timeout=2, type=[[7000, "at last\n"]])
    assert (ended["status"], ended["output"].split()[-1]) == ("0", "7")


def test_the_time_runs_while_only_another_thread_waits_for_a_line(lab_page: Page) -> None:
    """The page of the lab says so."""
    reads = "import threading\nthreading.Thread(target=input).start()\n"
    assert ask(lab_page, reads, timeout=2)["status"] == "timeout"


def test_a_deadlock_has_its_limit_though_a_line_was_read(lab_page: Page) -> None:
    deadlock = "import threading\ninput()\nthreading.Lock().acquire() or threading.Lock()\n"
    deadlock += "lock = threading.Lock()\nlock.acquire()\nlock.acquire()\n"
    ended = ask(lab_page, deadlock, timeout=2, type=[[3000, "go\n"]])
    assert ended["status"] == "timeout"
    assert ended["seconds"] > 4


@pytest.mark.parametrize("after", [0, 3, 10, 20, 40, 80])
@pytest.mark.parametrize("fresh", [False, True])
def test_an_early_ctrl_c_ends_the_program_and_shows_nothing_of_the_lab(
    after: int, fresh: bool, lab_page: Page
) -> None:
    for _ in range(3):
        ended = ask(lab_page, "while True: pass\n", stop=[after], timeout=20, fresh=fresh)
        assert ended["status"] == "SIGINT", ended
        assert "/opt/" not in ended["output"]


def test_a_ctrl_c_while_it_waits_for_its_threads_shows_nothing_of_the_lab(lab_page: Page) -> None:
    waits = "import threading, time\nthreading.Thread(target=time.sleep, args=(30,)).start()\n"
    ended = ask(lab_page, f"{waits}print('last line', flush=True)\n", stop=[3000, 6000], timeout=20)
    assert "last line" in ended["output"]
    assert "KeyboardInterrupt" in ended["output"]
    assert "/opt/" not in ended["output"]


# What is too large


@pytest.mark.parametrize("size", [65_000, 300_000, 900_000])
def test_a_large_program_runs(size: int, lab_page: Page) -> None:
    place = type_and_run(lab_page, f"text = '''{'ü' * (size // 2)}'''\nprint(len(text))\n")
    assert verdict_of(place) == "ended"
    expect(output_of(place)).to_have_text(f"{size // 2}\n")


def test_a_program_that_is_too_large_is_not_run(lab_page: Page) -> None:
    place = type_and_run(lab_page, f"print(1) #{'x' * 1_000_000}\n")
    assert verdict_of(place) == "failed"
    expect(status_of(place)).to_have_text(
        "The program was not run: the machine takes at most 1 MB."
    )
    assert verdict_of(type_and_run(lab_page, "print(1)\n")) == "ended"


def test_a_line_that_is_too_long_is_not_sent(lab_page: Page) -> None:
    place = type_and_run(lab_page, "print(len(input('line: ')))\n")
    expect(output_of(place)).to_have_text("line: ", timeout=30 * SECONDS)
    line = place.locator(".lab-input input")
    line.fill("x" * 4096)
    line.press("Enter")
    expect(status_of(place)).to_have_text(
        "Running … The line was not sent: a terminal takes at most 4095 bytes in a line."
    )
    assert len(line.input_value()) == 4096
    line.fill("x" * 4095)
    line.press("Enter")
    assert verdict_of(place) == "ended"
    assert output_of(place).inner_text().splitlines()[-1] == "4095"


# The reader's text


def test_what_was_typed_is_there_on_the_way_back_and_after_a_reload(site: Site, page: Page) -> None:
    page.goto(site.address + page_of(ONE))
    place_of(page, ONE).locator(".lab-edit").click()
    editor = place_of(page, ONE).locator("textarea")
    editor.fill("print('mine')\n")
    page.evaluate("window.notReloaded = true")
    page.locator(".md-footer__link--next").click()
    expect(place_of(page, ONE)).to_have_count(0)
    page.go_back()
    expect(editor).to_have_value("print('mine')\n")
    assert page.evaluate("window.notReloaded")
    page.reload()
    expect(editor).to_have_value("print('mine')\n")
    assert run(place_of(page, ONE)) == "ended"
    expect(output_of(place_of(page, ONE))).to_have_text("mine\n")


def test_an_editor_that_comes_too_late_for_its_page_forgets_nothing(site: Site, page: Page) -> None:
    network = SlowNetwork(page, f"**/{ONE.source.name}")
    page.goto(site.address + page_of(ONE))
    place_of(page, ONE).locator(".lab-edit").click()
    page.wait_for_timeout(500)
    page.locator(".md-footer__link--next").click()
    expect(place_of(page, ONE)).to_have_count(0)
    late = network.let_pass()
    page.go_back()
    place_of(page, ONE).locator(".lab-edit").click()
    editor = place_of(page, ONE).locator("textarea")
    editor.fill("print('mine')\n")
    assert len(late) == 1
    late[0].continue_()
    page.wait_for_timeout(1000)
    page.reload()
    expect(editor).to_have_value("print('mine')\n")


def test_the_page_of_the_lab_has_its_editor_though_the_code_came_late(
    site: Site, page: Page
) -> None:
    page.route("**/editor.mjs", lambda route: route.abort())
    page.goto(f"{site.address}lab/")
    expect(status_of(page.locator(".lab"))).to_contain_text("The download failed.")
    page.unroute("**/editor.mjs")
    assert run(page.locator(".lab")) == "ended"
    expect(page.locator("textarea")).to_be_visible()


def test_original_keeps_a_way_back_to_the_readers_version(site: Site, page: Page) -> None:
    page.goto(site.address + page_of(ONE))
    place = place_of(page, ONE)
    edit, editor = place.locator(".lab-edit"), place.locator("textarea")
    expect(edit).to_have_text("Edit")
    edit.click()
    expect(editor).to_be_focused()
    expect(edit).to_have_text("Original")
    page.wait_for_timeout(DOUBLE_CLICK)
    edit.click()
    expect(edit).to_have_text("Edit")  # nothing was changed
    page.wait_for_timeout(DOUBLE_CLICK)
    edit.click()
    editor.fill("print('mine')\n")
    page.wait_for_timeout(DOUBLE_CLICK)
    edit.click()
    expect(editor).to_have_count(0)
    expect(edit).to_have_text("Back to my version")
    assert run(place) == "same"
    page.reload()
    expect(edit).to_have_text("Back to my version")
    expect(editor).to_have_count(0)
    edit.click()
    expect(editor).to_have_value("print('mine')\n")
    assert run(place) == "ended"


def test_the_page_of_the_lab_keeps_its_text(site: Site, page: Page) -> None:
    page.goto(f"{site.address}lab/")
    editor = page.locator("textarea")
    editor.fill("print('mine')\n")
    page.locator(".md-footer__link--next").click()
    expect(editor).to_have_count(0)
    page.go_back()
    expect(editor).to_have_value("print('mine')\n")
    page.reload()
    expect(editor).to_have_value("print('mine')\n")


def test_where_the_browser_stores_nothing_the_next_page_keeps_it(site: Site, page: Page) -> None:
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full') }")
    page.goto(f"{site.address}lab/")
    page.locator("textarea").fill("print('mine')\n")
    page.locator(".md-footer__link--next").click()
    expect(page.locator("textarea")).to_have_count(0)
    page.go_back()
    expect(page.locator("textarea")).to_have_value("print('mine')\n")


def test_an_edited_program_keeps_what_it_needs_beside_it(site: Site, page: Page) -> None:
    page.goto(site.address + page_of(BESIDE))
    page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
    place = place_of(page, BESIDE)
    place.locator(".lab-edit").click()
    expect(place.locator(".program-beside")).to_contain_text("four_clients.py")
    place.locator("textarea").fill("import four_clients\nprint(four_clients.__name__)\n")
    assert run(place) == "ended"
    expect(output_of(place)).to_have_text("four_clients\n")


def test_the_editor_shows_no_marks_of_the_page(site: Site, page: Page) -> None:
    page.goto(site.address + page_of(MARKED))
    page.evaluate("document.querySelectorAll('details').forEach(box => box.open = true)")
    place = place_of(page, MARKED)
    place.locator(".lab-edit").click()
    expect(place.locator("textarea")).not_to_have_value("")
    text = place.locator("textarea").input_value()
    assert "--8<--" not in text
    marks = re.compile(r"^ *# --8<-- .*\n", re.M)
    assert text == marks.sub("", MARKED.source.read_text("utf-8"))
    assert run(place) == "same"


# What is said


def test_each_word_is_said_once(site: Site, page: Page) -> None:
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
    assert len(told) == len(set(told)), told
    assert len(told) <= 14


def test_a_download_can_be_stopped(site: Site, page: Page) -> None:
    network = SlowNetwork(page, MEMORY)
    page.goto(site.address + page_of(ONE))
    place = place_of(page, ONE)
    place.locator(".lab-run").click()
    expect(place.locator(".lab-run")).to_be_hidden()
    expect(status_of(place)).to_contain_text("Loading")
    assert _workers_of_the_lab(page)
    stop(place)
    assert verdict_of(place, 5) == "stopped"
    expect(status_of(place)).to_have_text("Stopped before the program began.")
    assert not _workers_of_the_lab(page)
    network.release()
    assert run(place) == "same"


def test_a_double_click_on_stop_does_not_begin_the_download_anew(site: Site, page: Page) -> None:
    network = SlowNetwork(page, MEMORY)
    page.goto(site.address + page_of(ONE))
    place = place_of(page, ONE)
    place.locator(".lab-run").click()
    expect(status_of(place)).to_contain_text("Loading")
    page.wait_for_timeout(DOUBLE_CLICK)
    box = place.locator(".lab-stop").bounding_box()
    assert box
    page.mouse.dblclick(box["x"] + 20, box["y"] + box["height"] / 2, delay=20)
    page.wait_for_timeout(500)
    expect(status_of(place)).to_have_text("Stopped before the program began.")
    assert not _workers_of_the_lab(page)
    network.release()
    assert run(place) == "same"


def _workers_of_the_lab(page: Page) -> list[str]:
    return [worker.url for worker in page.workers if "/assets/lab/" in worker.url]


@pytest.mark.parametrize("state", ["idle", "running"])
def test_an_editor_that_cannot_be_opened_says_so(state: str, site: Site, page: Page) -> None:
    page.goto(site.address + FOUR)
    first, second = page.locator(".lab[data-program]").all()[:2]
    assert run(first) == "same"
    page.context.set_offline(True)
    second.locator(".lab-edit").click()
    expect(status_of(second)).to_contain_text("The download failed.")
    page.context.set_offline(False)
    second.locator(".lab-edit").click()
    expect(second.locator("textarea")).to_be_visible()


@pytest.mark.parametrize("module", ["libv86", "machine", "loader", "decoder"])
def test_a_module_that_does_not_come_is_a_failed_download(
    module: str, site: Site, page: Page
) -> None:
    page.route(f"**/{module}.mjs", lambda route: route.abort())
    page.goto(site.address + page_of(ONE, "ja"))
    place = place_of(page, ONE)
    assert run(place) == "failed"
    expect(status_of(place)).to_contain_text("ダウンロードできませんでした。")
    expect(status_of(place)).to_contain_text("再読み込み")
    page.unroute(f"**/{module}.mjs")
    assert run(place) == "same"


def test_a_machine_without_memory_says_so(site: Site, page: Page) -> None:
    """v86 has no word for a WebAssembly that does not come."""

    def without_memory(route: Route) -> None:
        refuse = "WebAssembly.instantiate = async () => { throw new RangeError('no memory') }"
        body = f"{route.fetch().text()}\n{refuse}\n"
        route.fulfill(body=body, content_type="text/javascript")

    page.route("**/worker.mjs", without_memory)
    page.goto(site.address + page_of(ONE))
    place = place_of(page, ONE)
    assert run(place, 20) == "failed"
    expect(status_of(place)).to_contain_text("could not provide the memory")
    page.unroute("**/worker.mjs")
    assert run(place) == "same"


@pytest.mark.parametrize("reads", ["open(0).readline()", "open('/dev/tty').readline()"])
def test_a_program_that_reads_gets_a_line_to_type_into(
    reads: str, site: Site, shared_page: Page
) -> None:
    shared_page.goto(site.address + page_of(ONE))
    shared_page.evaluate("sessionStorage.clear()")
    shared_page.reload()
    place = place_of(shared_page, ONE)
    place.locator(".lab-edit").click()
    place.locator("textarea").fill(f"print('read', {reads})\n")
    place.locator(".lab-run").click()
    line = place.locator(".lab-input input")
    expect(line).to_be_visible(timeout=30 * SECONDS)
    line.fill("a line")
    line.press("Enter")
    assert verdict_of(place) == "ended"
    expect(output_of(place)).to_contain_text("read a line")


def test_the_focus_stays_when_a_program_ends_on_the_readers_line(lab_page: Page) -> None:
    place = type_and_run(lab_page, "input('line: ')\n")
    expect(output_of(place)).to_have_text("line: ", timeout=30 * SECONDS)
    line = place.locator(".lab-input input")
    line.focus()
    lab_page.keyboard.type("last")
    lab_page.keyboard.press("Enter")
    assert verdict_of(place) == "ended"
    expect(place.locator(".lab-run")).to_be_focused()


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        (r"0%\r50%\r100%\n", "100%\n"),
        (r"long line\rshort\n", "shortline\n"),
        (r"\x1b[31mred\x1b[0m\n", "red\n"),
        (r"one\r\ntwo\n", "one\ntwo\n"),
    ],
)
def test_the_output_is_what_a_terminal_shows(printed: str, shown: str, lab_page: Page) -> None:
    place = type_and_run(lab_page, f"for c in '{printed}': print(c, end='', flush=True)\n")
    assert verdict_of(place) == "ended"
    expect(output_of(place)).to_have_text(shown)
