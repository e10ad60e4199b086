"""``python -m tools.commands.bench``: what the runner and the site build cost, beside their goals.

A benchmark, not a test: it prints and never fails. Times are of this machine and this moment.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tools.pages import CODES, ROOT, find_pages
from tools.site.notebooks import KEPT

STARTS = 100
PAGES = 100
ROUNDS = 3
AUTHOR = ["-c", "user.name=Bench", "-c", "user.email=bench@after-fork.example"]


def main() -> int:
    """Print one row for each figure."""
    from runner import Example, judge

    print(f"Python {platform.python_version()}, {platform.system()} {platform.release()}")
    print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}; the best of {ROUNDS} rounds")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "chapter", "trivial.py")
        source.parent.mkdir()
        source.write_text("print('hello')\n")
        bare = best(lambda: subprocess.run([sys.executable, "-c", ""], check=True))
        through = best(lambda: judge(Example(source)))
    row(f"{STARTS} bare starts of Python", f"{bare:.2f} s")
    row(f"{STARTS} examples by the runner", f"{through:.2f} s", f"{1.5 * bare:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        shutil.rmtree(KEPT, ignore_errors=True)
        row("strict build of this site", build(ROOT, Path(folder, "one")))
        row("… its notebooks run already", build(ROOT, Path(folder, "two")), "5 s CPU")
        grown = grow(Path(folder, "project"))
        row(f"… of {PAGES} pages x 2", build(grown, Path(folder, "three")), "8 s CPU")
    return 0


def row(name: str, figure: str, goal: str = "") -> None:
    print(f"  {name:<32} {figure:<28} {f'goal: {goal}' if goal else ''}".rstrip())


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


def grow(project: Path) -> Path:
    """A copy of this project with PAGES pages in each language, and a history."""
    project.mkdir()
    for name in ("docs", "examples", "lab", "runner", "tools"):
        shutil.copytree(ROOT / name, project / name)
    for path in (*ROOT.glob("mkdocs*.yml"), ROOT / "package-lock.json"):
        shutil.copy(path, project)
    (project / ".cache").symlink_to(ROOT / ".cache")
    (project / "node_modules").symlink_to(ROOT / "node_modules")
    pages = [page.name for page in find_pages("en")]
    present = [name for name in pages if name.count("/") and name.endswith(".md")]
    for number in range(PAGES - len(pages)):
        add_copy(project, present[number % len(present)], f"-{number}.md")
    for arguments in (["init", "-q"], ["add", "docs"], [*AUTHOR, "commit", "-qm", "All pages"]):
        subprocess.run(["git", *arguments], cwd=project, check=True)
    return project


def add_copy(project: Path, page: str, suffix: str) -> None:
    """A copy of *page* beside it in each language, and behind it in the navigation."""
    name = page.removesuffix(".md") + suffix
    for language in CODES:
        folder = project / "docs" / language
        shutil.copy(folder / page, folder / name)
    for config in project.glob("mkdocs*.yml"):
        text = config.read_text("utf-8")
        listed = re.sub(rf"^( *- ){re.escape(page)}$", rf"\g<0>\n\g<1>{name}", text, flags=re.M)
        config.write_text(listed, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
