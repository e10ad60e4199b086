"""Where a page has its Run buttons, and what a test does with them."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from runner import EXAMPLES, Example, find_examples
from tests.support.browser import SECONDS
from tools.pages import find_pages
from tools.site.lab_places import why_not

RUNNABLE = [
    example
    for example in find_examples()
    if example.source.suffix == ".py" and why_not(example) is None
]
DOUBLE_CLICK = 450  # milliseconds after which a press is meant for what stands there now
ONE = next(example for example in RUNNABLE if example.id == "processes/careful_child")


def name_of(example: Example) -> str:
    return example.source.relative_to(EXAMPLES).as_posix()


def page_of(example: Example, language: str = "en") -> str:
    """The address of the page that shows *example*, below the root of the site."""
    title = f'title="{name_of(example)}"'
    return min(page.address for page in find_pages(language) if title in page.text)


def place_of(page: Page, example: Example) -> Locator:
    return page.locator(f'.lab[data-program="{name_of(example)}"]')


def run(place: Locator, seconds: float = 60) -> str:
    """Press Run, wait for the end, and return the verdict."""
    place.evaluate("place => delete place.dataset.verdict")
    place.locator(".lab-run").click()
    return verdict_of(place, seconds)


def stop(place: Locator) -> None:
    """Press Stop as a person does: not as the second half of a double click, nor as its first."""
    place.page.wait_for_timeout(DOUBLE_CLICK)
    place.locator(".lab-stop").click()
    place.page.wait_for_timeout(DOUBLE_CLICK)


def verdict_of(place: Locator, seconds: float = 60) -> str:
    expect(place).to_have_attribute("data-verdict", re.compile("."), timeout=seconds * SECONDS)
    return str(place.get_attribute("data-verdict"))


def code_of(page: Page) -> str:
    """The address of the code of the buttons."""
    return str(
        page.evaluate(
            "[...document.scripts].map(s => s.src).find(src => src.endsWith('buttons.mjs'))"
        )
    )


def type_and_run(page: Page, program: str) -> Locator:
    place = page.locator(".lab")
    place.locator("textarea").fill(program)
    place.evaluate("place => delete place.dataset.verdict")
    place.locator(".lab-run").click()
    return place


def output_of(place: Locator) -> Locator:
    return place.locator(".lab-output")


_ASK = """async ([code, program, { stop, stopAt, type = [], ...options }]) => {
    const { ask } = await import(new URL("session.mjs", code))
    let output = ""
    const states = []
    const onState = (state) => {
        states.push(state)
        if (state !== "running") return
        for (const after of stop ?? []) setTimeout(() => run.stop(), after)
        for (const [after, text] of type) setTimeout(() => run.write(text), after)
    }
    const onOutput = (more) => {
        output += more
        if (!stopAt || !output.includes(stopAt)) return
        stopAt = null
        run.stop()
    }
    const on = { onState, onLoading() {}, onOutput }
    const run = ask(async () => ({ program, options: { timeout: 60, ...options } }), on)
    return { ...(await run.ended), output, states }
}"""


def ask(page: Page, program: str, **options: Any) -> dict[str, Any]:
    """Run a program past the buttons; how it ended, its output, and the states of the run.

    Besides what lab/web/machine/machine.mjs knows, *options* may have ``stop``, milliseconds after
    which Stop is pressed, ``stopAt``, an output at which it is, and ``type``, pairs of
    milliseconds and a text.
    """
    return dict(page.evaluate(_ASK, [code_of(page), program, options]))
