"""Buttons of the lab, pressed at random: never an untrue word, a stuck button or a lost text.

Two thousand steps against the real page and a fake machine, which is fast and may do all that a
machine may do; some hundreds against the real one.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.support.browser import Site

pytestmark = pytest.mark.usefixtures("machine")
PAGES = [
    f"processes/{name}/" for name in ("the-command-that-did-not-fail", "leaving", "printed-twice")
]
SUPPORT = Path(__file__).parent / "support"
FAKE = (SUPPORT / "fake_machine.mjs").read_text("utf-8")
DRIVER = (SUPPORT / "lab_driver.js").read_text("utf-8")
FAKED = ("loader", "decoder", "worker")
SPEED = 10  # how much faster the clock of the page runs that tells a double click
DOUBLE_CLICK = 400  # milliseconds: lab/web/page/panel.mjs
PROGRAMS = {
    "": "print('said {mark}')\n",
    "# for ever": "print('said {mark}', flush=True)  # for ever\nwhile True:\n    pass\n",
    "# deaf": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)  # deaf\n"
    "print('said {mark}', flush=True)\nwhile True:\n    pass\n",
    "# orphan": "import os, time\nprint('said {mark}', flush=True)  # orphan\n"
    "if os.fork() == 0:\n    time.sleep(2)\n",
    "# reads": "print('said {mark}', flush=True)  # reads\ninput()\n",
}

FASTER = f"""
const now = performance.now.bind(performance)
performance.now = () => {SPEED} * now()
"""


@dataclass
class Reader:
    """Presses at random, and remembers what must be there."""

    page: Page
    site: Site
    rng: random.Random
    pace: float  # how much slower than the fake machine the real one is
    guard: float  # milliseconds after which a press is not the second half of a double click
    at: int = 0
    went: list[int] = field(default_factory=list)
    mine: dict[str, str] = field(default_factory=dict)  # what was typed, by program
    is_open: dict[str, bool] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)
    ran: dict[str, str] = field(default_factory=dict)  # what the last run must have printed
    counts: dict[str, int] = field(default_factory=dict)
    mark: int = 0
    stopped: float = 0  # when Stop was pressed last

    def start(self) -> None:
        self.page.goto(self.site.address + PAGES[0])
        self.arrive()

    def arrive(self) -> None:
        """Wait for the page, and for the editors that were open with something new in them."""
        self.is_open = {name: self.is_open[name] for name in self.mine}
        self.page.wait_for_function(
            "([path, open]) => driver.isThere(path, open)",
            arg=[
                urlsplit(self.site.address + PAGES[self.at]).path,
                [name for name, is_open in self.is_open.items() if is_open],
            ],
        )
        self.ran.clear()

    def step(self) -> None:
        look = self.check()
        places = look["places"]
        index = self.rng.randrange(len(places))
        place = places[index]
        busy = next((n for n, one in enumerate(places) if one["state"] != "idle"), None)
        if busy is not None and self.rng.random() < 0.5:
            index, place = busy, places[busy]
        choices: list[tuple[int, Callable[[int, dict[str, Any]], None]]] = [
            (2, self.edit),
            (1, self.turn_page),
            (1, self.turn_back),
            (3, self.wait),
        ]
        if place["state"] == "idle":
            choices += [(6, self.run), (1, self.run_twice)]
        else:
            choices += [(4, self.stop), (1, self.stop_twice)]
            if "# reads" in self.text_of(place):
                choices.append((3, self.send))
        if place["text"] is not None:
            choices += [(3, self.type), (2, self.enter)]
        if self.rng.random() < 0.01:
            choices = [(1, self.reload)]
        (act,) = self.rng.choices([act for _, act in choices], [weight for weight, _ in choices])
        self.counts[act.__name__] = self.counts.get(act.__name__, 0) + 1
        act(index, place)

    def check(self) -> dict[str, Any]:
        look: dict[str, Any] = self.page.evaluate("driver.look()")
        assert look["wrong"] == []
        for place in look["places"]:
            name = place["name"]
            if self.is_open.get(name):
                assert place["text"] == self.text_of(place), "a lost text"
                assert place["edit"] == "Original"
            else:
                assert place["text"] is None, place
                assert place["edit"] == ("Back to my version" if name in self.mine else "Edit")
            if place["verdict"] in ("ended", "same", "differs") and name in self.ran:
                said = self.ran[name]
                is_own = said != "said original"
                if is_own:
                    before_stop = place["output"].partition("^C")[0]
                    assert said in place["output"] or before_stop == "", place
                    assert place["verdict"] == "ended", place
        return look

    def text_of(self, place: dict[str, Any]) -> str:
        name = place["name"]
        return self.mine.get(name, self.originals.get(name, ""))

    # What a reader does

    def run(self, index: int, place: dict[str, Any], act: str = "press") -> None:
        is_own = self.is_open.get(place["name"]) and place["name"] in self.mine
        text = self.mine[place["name"]] if is_own else "said original"
        self.ran[place["name"]] = "said " + text.split("said ")[1].split("'")[0]
        if time.monotonic() - self.stopped < 2 * self.guard / 1000:
            del self.ran[place["name"]]  # perhaps the second half of a double click
        self.page.evaluate(f"driver.{act}({index}, 'run')")
        self.page.evaluate("driver.loaded()")

    def run_twice(self, index: int, place: dict[str, Any]) -> None:
        self.run(index, place, "twice")
        self.stopped = time.monotonic()  # the second half came late, perhaps, and meant Stop

    def enter(self, index: int, place: dict[str, Any]) -> None:
        if place["state"] == "idle":
            self.run(index, place, "enter")
        else:
            self.ran.pop(place["name"], None)  # if its run has ended since, this begins another
            self.page.evaluate(f"driver.enter({index})")

    def stop(self, index: int, _: dict[str, Any]) -> None:
        self.page.evaluate(f"driver.press({index}, 'stop')")
        self.stopped = time.monotonic()  # not before: on a busy machine a press takes a while

    def stop_twice(self, index: int, _: dict[str, Any]) -> None:
        self.page.evaluate(f"driver.twice({index}, 'stop')")
        self.stopped = time.monotonic()

    def send(self, index: int, _: dict[str, Any]) -> None:
        self.page.evaluate(f"driver.send({index})")

    def edit(self, index: int, place: dict[str, Any]) -> None:
        name = place["name"]
        self.page.wait_for_timeout(self.guard)
        self.page.evaluate(f"driver.press({index}, 'edit')")
        will_be_open = not self.is_open.get(name, False)
        self.page.wait_for_function(
            "([index, open]) => (driver.look().places[index].text !== null) === open",
            arg=[index, will_be_open],
        )
        self.is_open[name] = will_be_open
        if will_be_open and name not in self.mine:
            self.originals[name] = self.page.evaluate(f"driver.look().places[{index}].text")

    def type(self, index: int, place: dict[str, Any]) -> None:
        self.mark += 1
        kinds = list(PROGRAMS) if self.pace == 1 else [*PROGRAMS, "", ""]
        text = PROGRAMS[self.rng.choice(kinds)].format(mark=self.mark)
        if self.pace == 1 and self.rng.random() < 0.2:
            text = f"# breaks\n{text}"
        self.mine[place["name"]] = text
        self.page.evaluate("([index, text]) => driver.type(index, text)", [index, text])

    def wait(self, *_: object) -> None:
        self.page.wait_for_timeout(self.pace * self.rng.random() * 80)

    def turn_page(self, *_: object) -> None:
        where = self.rng.choice([at for at in (self.at - 1, self.at + 1) if 0 <= at < len(PAGES)])
        self.went.append(self.at)
        direction = "next" if where > self.at else "prev"
        self.at = where
        self.leave(direction)
        self.arrive()

    def turn_back(self, *_: object) -> None:
        if self.went:
            self.at = self.went.pop()
            self.leave("back")
            self.arrive()

    def leave(self, how: str) -> None:
        self.page.evaluate("how => driver.leave(how)", how)

    def reload(self, *_: object) -> None:
        self.page.reload()
        self.arrive()

    def come_to_rest(self) -> None:
        """What waits begins; what seems to run does; and Stop ends it, in two presses."""
        self.stopped = time.monotonic()
        self.page.wait_for_function(
            "isFake => driver.isQuiet(isFake)", arg=self.pace == 1, timeout=15000
        )
        for _ in range(3):
            look = self.check()
            busy = [n for n, place in enumerate(look["places"]) if place["state"] != "idle"]
            if not busy:
                break
            self.page.wait_for_timeout(self.guard)
            self.page.evaluate(f"driver.press({busy[0]}, 'stop')")
            self.page.wait_for_timeout(50 * self.pace)
        self.page.wait_for_function(
            "() => driver.look().places.every(({ state }) => state === 'idle')", timeout=5000
        )
        self.check()
        if self.pace == 1:
            self.page.wait_for_function("() => driver.look().truth === null", timeout=5000)


def press_at_random(reader: Reader, steps: int) -> None:
    reader.start()
    for number in range(steps):
        try:
            reader.step()
            if number % 20 == 19:
                reader.come_to_rest()
        except Exception as error:
            error.add_note(f"step {number}: {reader.counts}, page {reader.at}")
            error.add_note(str(reader.page.evaluate("driver.look()")))
            raise
    print(reader.counts)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(service_workers="block") as context:
        page = context.new_page()
        page.add_init_script(DRIVER)
        yield page


def test_two_thousand_steps_with_a_fake_machine(served_site: Site, page: Page) -> None:
    page.add_init_script(FASTER)
    for name in FAKED:
        page.route(f"**/assets/lab/*/machine/{name}.mjs", _give_the_fake)
    guard = DOUBLE_CLICK / SPEED + 20
    press_at_random(Reader(page, served_site, random.Random(13), 1, guard), 2000)


def test_some_hundred_steps_with_the_real_machine(served_site: Site, page: Page) -> None:
    reader = Reader(page, served_site, random.Random(13), 10, DOUBLE_CLICK + 50)
    press_at_random(reader, 300)


def _give_the_fake(route: Route) -> None:
    route.fulfill(body=FAKE, content_type="text/javascript")
