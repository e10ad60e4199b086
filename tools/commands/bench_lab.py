"""``make bench-lab``: measure what a reader waits for and pays, in chromium, beside the goals.

The site is served from this machine, so a download takes no time; its bytes stand by themselves.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from tools.pages import ROOT
from tools.site import lab_files as lab
from tools.site.build import build
from tools.site.web_server import serve

ROUNDS = 10
READING = 1000  # milliseconds before the first click, in which the page finishes loading
REST = 5000  # milliseconds in which the browser gives back what a run left
PAGE = "processes/one-call-two-returns/"  # its program prints before it does anything else

# Resolves to [milliseconds from the click to the first output, longest gap of a 10 ms timer].
CLICK = """
async () => {
  const place = document.querySelector(".lab[data-program]")
  let last = performance.now(), gap = 0
  const timer = setInterval(() => {
    const now = performance.now()
    gap = Math.max(gap, now - last)
    last = now
  }, 10)
  const begin = performance.now()
  const first = new Promise((resolve) => {
    new MutationObserver(() => {
      if (place.querySelector(".lab-output")?.textContent) resolve(performance.now() - begin)
    }).observe(place, { childList: true, subtree: true })
  })
  place.querySelector(".lab-run").click()
  const seconds = await first
  while (!place.dataset.verdict) await new Promise((resolve) => setTimeout(resolve, 10))
  clearInterval(timer)
  return [seconds, gap]
}
"""


def main() -> int:
    """Print each figure beside its goal; 1 when there is nothing to measure."""
    image, chromium = lab.find(), shutil.which("chromium")
    if image is None or chromium is None:
        print("This needs the image (`make lab`) and chromium.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder, "site")
        built = build(ROOT, site)
        if built.status:
            print(built.log)
            return 1
        with serve(site) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            first, later, gaps, memory = _measure(browser, address + PAGE)
            browser.close()
    click = sum(path.stat().st_size for path in image.first_click)
    print(f"{'':34}{'seen':>10}{'goal':>10}")
    _row("first click to first output", f"{median(first) / 1000:.2f} s", "1.0 s")
    _row("later clicks", f"{median(later) / 1000:.2f} s", "0.2 s")
    state = sum(image.files[name][1].stat().st_size for name in ("memory", "rest"))
    _row("state, compressed", f"{state / 1e6:.2f} MB", "11.5 MB")
    _row("first click, raw", f"{click / 1e6:.2f} MB", "12.5 MB")
    _row("memory of the tab after one run", f"{memory[0]:.0f} MB", "320 MB")
    _row(f"memory after {ROUNDS + 1} runs", f"{memory[1]:.0f} MB", "")
    _row("longest gap of the page", f"{median(gaps):.0f} ms", "50 ms")
    _row("the worst of them", f"{max(gaps):.0f} ms", "")
    return 0


def _row(what: str, seen: str, goal: str) -> None:
    print(f"{what:34}{seen:>10}{goal:>10}")


def _measure(
    browser: Browser, address: str
) -> tuple[list[float], list[float], list[float], tuple[float, float]]:
    """First clicks, each in a browser that was never here; later clicks; gaps; memory in MB."""
    first, gaps = [], []
    for _ in range(ROUNDS):
        with browser.new_context() as context:
            milliseconds, gap = _click(context.new_page(), address)
            first.append(milliseconds)
            gaps.append(gap)
    with browser.new_context() as context:
        page = context.new_page()
        _click(page, address)
        once = _largest_tab(page)
        clicks = [page.evaluate(CLICK) for _ in range(ROUNDS)]
        memory = (once, _largest_tab(page))
    return first, [click[0] for click in clicks], gaps + [click[1] for click in clicks], memory


def _click(page: Page, address: str) -> tuple[float, float]:
    page.goto(address)
    page.wait_for_selector(".lab--equipped")
    page.wait_for_timeout(READING)
    milliseconds, gap = page.evaluate(CLICK)
    return milliseconds, gap


def _largest_tab(page: Page) -> float:
    """PSS in MB of the renderer that has most, the tab with its worker, when it is at rest."""
    page.wait_for_timeout(REST)
    return max(process.memory_full_info().pss for process in _renderers()) / 1e6


def _renderers() -> Iterator[psutil.Process]:
    for process in psutil.Process().children(recursive=True):
        if "--type=renderer" in process.cmdline():
            yield process


if __name__ == "__main__":
    sys.exit(main())
