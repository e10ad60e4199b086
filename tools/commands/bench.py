"""``python -m tools.commands.bench [PART ...]``: what we wait for, beside the goals.

A benchmark, not a test: it prints and never fails. Times are of this machine and this moment. It
works on copies of the project, of which one has grown to PAGES pages in each language.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from runner import Example, judge
from tools.pages import ENGLISH, LANGUAGES, ROOT, Language, find_pages
from tools.site.notebooks import KEPT

STARTS = 100
PAGES = 100
ROUNDS = 3
EDITS = 8
EDITED = "processes/leaving"  # a page like most
PATIENCE = 600  # seconds for what takes a few
AUTHOR = ["-c", "user.name=Bench", "-c", "user.email=bench@after-fork.example"]


def main(names: list[str]) -> int:
    """Print a row for each figure of the parts that are named, or of all."""
    if unknown := set(names) - PARTS.keys():
        print(f"{min(unknown)} is no part. The parts are: {', '.join(PARTS)}")
        return 1
    print(f"Python {platform.python_version()}, {platform.system()} {platform.release()}")
    print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    for name in names or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            PARTS[name](Path(folder))
    return 0


def runner(folder: Path) -> None:
    """What it costs to judge an example."""
    source = folder / "chapter" / "trivial.py"
    source.parent.mkdir()
    source.write_text("print('hello')\n")
    bare = best(lambda: subprocess.run([sys.executable, "-c", ""], check=True))
    through = best(lambda: judge(Example(source)))
    row(f"{STARTS} bare starts of Python", f"{bare:.2f} s, the best of {ROUNDS} rounds")
    row(f"{STARTS} examples by the runner", f"{through:.2f} s", f"{1.5 * bare:.2f} s")


def builds(folder: Path) -> None:
    """CPU and memory of strict builds."""
    shutil.rmtree(KEPT, ignore_errors=True)
    row("strict build, with notebooks to run", build(ROOT, folder / "one"))
    row("strict build", build(ROOT, folder / "two"), "6 s CPU")
    grown = copy(folder / "grown", PAGES)
    row(f"strict build of {PAGES} pages x 2", build(grown, folder / "three"), "12 s CPU")


def edits(folder: Path) -> None:
    """From saving a page to the new page that is served."""
    for name, pages in (("", 0), (f" of {PAGES} x 2", PAGES)):
        project = copy(folder / f"of-{pages}", pages)
        with served(project, sys.executable, "-m", "tools.commands.serve") as address:
            for language in LANGUAGES:
                seconds = sorted(edit(project, address, language) for _ in range(EDITS))
                row(
                    f"edit to served page{name}, {language.code}",
                    f"{seconds[-1]:.2f} s at most of {EDITS}, median {seconds[EDITS // 2]:.2f} s",
                    "1.0 s",
                )


def first_page(folder: Path) -> None:
    """From a fresh copy, with no package in any cache, to the first page that is served."""
    project = copy(folder / "project", 0)
    begin = time.perf_counter()
    with served(project, "make", "serve", XDG_CACHE_HOME=str(folder / "cache")):
        row("make serve from nothing", f"{time.perf_counter() - begin:.1f} s", "15 s")


def tests(folder: Path) -> None:
    """All of `make test`."""
    log = folder / "log"
    begin = time.perf_counter()
    with log.open("w") as output:
        status = subprocess.run(
            ["make", "test"], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
        ).returncode
    seconds = time.perf_counter() - begin
    last = (log.read_text("utf-8").strip() or "no output").splitlines()[-1]
    row("make test", f"{seconds:.0f} s" if status == 0 else f"failed: {last}", "100 s")


PARTS: dict[str, Callable[[Path], None]] = {
    "runner": runner,
    "builds": builds,
    "edits": edits,
    "first-page": first_page,
    "tests": tests,
}


def row(name: str, figure: str, goal: str = "") -> None:
    line = f"  {name:<36} {figure:<36} {f'goal: {goal}' if goal else ''}"
    print(line.rstrip(), flush=True)


def best(start: Callable[[], object]) -> float:
    """Seconds for STARTS calls, the least of ROUNDS rounds."""
    seconds = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        for _ in range(STARTS):
            start()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def build(project: Path, site: Path) -> str:
    """CPU seconds and peak memory of one strict build."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)]
    log = project / "build.log" if project != ROOT else site.with_suffix(".log")
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=project, stdout=output, stderr=output)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(log.read_text())
    log.unlink()
    # ru_maxrss is in KiB on Linux, in bytes on macOS.
    peak = used.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    return f"{used.ru_utime + used.ru_stime:.1f} s CPU, {peak:.0f} MiB"


def copy(project: Path, pages: int) -> Path:
    """A copy of this project with at least so many *pages* in each language, and a history."""
    made_here = {".cache", ".git", ".venv", "node_modules", "site"}

    def left_out(folder: str, names: list[str]) -> set[str]:
        return (made_here if Path(folder) == ROOT else {"__pycache__", "node_modules"}) & {*names}

    shutil.copytree(ROOT, project, ignore=left_out)
    (project / ".cache").symlink_to(ROOT / ".cache")
    (project / "node_modules").symlink_to(ROOT / "node_modules")
    known = [page.name for page in find_pages(ENGLISH.code)]
    present = [name for name in known if name.count("/") and name.endswith(".md")]
    for number in range(pages - len(known)):
        add_copy(project, present[number % len(present)], f"-{number}.md")
    for arguments in (["init", "-q"], ["add", "docs"], [*AUTHOR, "commit", "-qm", "All pages"]):
        subprocess.run(["git", *arguments], cwd=project, check=True)
    return project


def add_copy(project: Path, page: str, suffix: str) -> None:
    """A copy of *page* beside it in each language, and behind it in the navigation."""
    name = page.removesuffix(".md") + suffix
    for language in LANGUAGES:
        folder = project / "docs" / language.code
        shutil.copy(folder / page, folder / name)
    for config in project.glob("mkdocs*.yml"):
        text = config.read_text("utf-8")
        listed = re.sub(rf"^( *- ){re.escape(page)}$", rf"\g<0>\n\g<1>{name}", text, flags=re.M)
        config.write_text(listed, "utf-8")


@contextmanager
def served(project: Path, *command: str, **environment: str) -> Iterator[str]:
    """The address of *project*, which *command* serves."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        host = f"127.0.0.1:{free.getsockname()[1]}"
    address = [f"ADDRESS={host}"] if command[0] == "make" else [host]
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            [*command, *address],
            cwd=project,
            env=os.environ | environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            until_served(f"http://{host}/", "", lambda: process.poll() is None)
            yield f"http://{host}/"
        except TimeoutError:
            said.seek(0)
            sys.exit(said.read())
        finally:
            process.terminate()


def edit(project: Path, address: str, language: Language) -> float:
    """Seconds from a save to the page that shows it."""
    time.sleep(time.time() % 1)  # at no fixed moment between two looks of the server
    page = project / "docs" / language.code / f"{EDITED}.md"
    new = f"Saved at {time.time()}."
    page.write_text(f"{page.read_text('utf-8')}\n{new}\n", "utf-8")
    begin = time.perf_counter()
    until_served(f"{address}{language.folder}{EDITED}/", new)
    return time.perf_counter() - begin


def until_served(page: str, text: str, is_going_on: Callable[[], bool] = lambda: True) -> None:
    """Return when *page* shows *text*; TimeoutError if it never does."""
    deadline = time.monotonic() + PATIENCE
    while is_going_on() and time.monotonic() < deadline:
        try:
            with urlopen(page, timeout=PATIENCE) as answer:
                if text in answer.read().decode():
                    return
        except URLError:
            pass  # it does not answer yet
        time.sleep(0.01)
    raise TimeoutError(f"{page} does not show {text!r}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
