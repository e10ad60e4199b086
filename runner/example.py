"""An example and the verdict on one run of it."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .faults import run_faults, source_faults
from .libraries import need_faults
from .needs import NEEDS, needs_of
from .places import left_each_time, shared_memory
from .process import OUTPUT_LIMIT, TERMINAL_SIZE, run
from .settings import Settings, load_settings
from .siblings import files_of, siblings
from .sockets import Watch
from .source import Source
from .transcript import compose, difference, same, with_aliases
from .versions import HERE, Version, name_of, path_for, transcript_of, transcripts_of

EXAMPLES = Path(__file__).parents[1] / "examples"
SOURCES = (".py", ".c", ".rb")
_COMPILE = "cc -pthread -Wall -Werror -o {stem} {name}"
COMMAND = ".venv/bin/python -m runner"  # as messages tell it
_UPDATE = "If this is what it should print now: make update, or "
_UPDATE_PYTHONS = "If Python {here} should, and another Python something else: make update-pythons"
_HOME = "you"  # the folder in which a program runs, below one that is ours


@dataclass(frozen=True)
class Example:
    """A script of ``examples/`` with what stands beside it."""

    source: Path

    @property
    def id(self) -> str:
        """``<chapter>/<slug>``, as tests are named."""
        return f"{self.source.parent.name}/{self.source.stem}"

    @property
    def transcript(self) -> Path:
        """What this Python is held against."""
        return transcript_of(self.source, HERE)

    @property
    def transcripts(self) -> dict[Version, Path]:
        """Each by the first Python that prints so, oldest first: see versions.py."""
        return transcripts_of(self.source)

    @property
    def settings_file(self) -> Path:
        return self.source.with_suffix(".toml")

    @cached_property
    def settings(self) -> Settings:
        """Raises SettingsError when the file beside the script cannot be taken."""
        return load_settings(self.settings_file)

    @property
    def siblings(self) -> list[Path]:
        """The files that it needs beside it: see siblings.py."""
        return siblings(self.source)

    @property
    def command(self) -> str:
        """What a reader types."""
        name, stem = self.source.name, self.source.stem
        typed = {
            ".py": f"python {name}",
            ".c": f"{_COMPILE.format(stem=stem, name=name)} && ./{stem}",
            ".rb": f"ruby {name}",
        }[self.source.suffix]
        return f"{typed} > out.txt; cat out.txt" if self.settings.tty is False else typed

    @property
    def shown(self) -> Path:
        """As messages name it: from where `make` and Git are called."""
        return _shown(self.source)

    def why_not_here(self) -> str | None:
        """Why this machine is not one the example is written for, or None."""
        if self.settings.platform not in (None, sys.platform):
            return f"runs on {self.settings.platform} only"
        if not self.settings.python.contains(platform.python_version()):
            return f"needs Python {self.settings.python}"
        return None

    def missing(self) -> list[str]:
        """The needs that this machine does not meet."""
        needs = needs_of(self.source, self.settings.needs)
        return [name for name in needs if not NEEDS[name].is_met()]


@dataclass(frozen=True)
class Verdict:
    """What a run showed: its transcript, and every reason to refuse it."""

    example: Example
    seen: str
    unacceptable: tuple[str, ...]  # faults of the program: no update takes them
    difference: str  # from the stored transcript; "" when there is none
    needless: tuple[str, ...] = ()  # transcripts that say what an older Python's says

    @property
    def ok(self) -> bool:
        return not self.unacceptable and not self.difference and not self.needless

    def agrees_with(self, other: Verdict) -> bool:
        return same(self.seen, other.seen, self.example.settings.order)

    def report(self) -> str:
        """The reasons, and the command that mends what a command can mend."""
        if self.unacceptable:
            printed = f"It printed:\n{self.seen[:4000]}" if self.seen else "It was not run"
            return "\n".join([*self.unacceptable, printed])
        if not self.difference:
            return "\n".join(self.needless)
        advice = f"{_UPDATE}{COMMAND} --update {self.example.shown}"
        if self.example.source.suffix == ".py":
            advice += "\n" + _UPDATE_PYTHONS.format(here=name_of(HERE))
        return f"{self.difference}\n\n{advice}"

    def store(self, *, from_here_on: bool = False) -> bool:
        """Write the transcript unless the stored one says the same; True when something changed.

        It is the one that this Python is held against, or, *from_here_on*, one for this Python and
        later ones. Transcripts that say nothing new are removed.
        """
        if self.unacceptable or self.ok:
            return False
        if self.difference:
            example = self.example
            path = path_for(example.source, HERE) if from_here_on else example.transcript
            path.write_text(self.seen, "utf-8")
        for path, _ in _needless(self.example):
            path.unlink()
        return True


def find_examples(root: Path = EXAMPLES) -> list[Example]:
    """Every script of every chapter, in order of their paths.

    A file that only serves another one, as its settings say, has no transcript and is none.
    """
    scripts = [Example(path) for path in sorted(root.glob("*/*")) if path.suffix in SOURCES]
    serving = {path for example in scripts for path in files_of(example.source)}
    return [e for e in scripts if e.source not in serving or e.transcript.exists()]


def judge(
    example: Example,
    *,
    tty: bool | None = None,
    servers: Mapping[str, str] | None = None,
    watch: bool = False,
) -> Verdict:
    """Run *example* once and compare.

    With *tty* the reader is another one: he has a terminal, unless the settings say which way the
    example is run, and other variables. *servers* are the variables by which the example finds
    the servers it needs (see Servers.environment). With *watch* its sockets are looked at, too.
    """
    faults = [
        f"{_shown(path)}:{line}: {text}"
        for path, line, text in source_faults(example.source, example.settings)
    ]
    if any(need_faults(Source(example.source), example.settings.needs)):
        return Verdict(example, "", tuple(faults), "")
    before = shared_memory()
    attempt = _attempt(example, bool(tty), servers or {}, Watch() if watch else None)
    if left := shared_memory() - before:
        before = shared_memory()
        _attempt(example, bool(tty), servers or {}, None)
        for path in left_each_time(left, shared_memory() - before):
            faults.append(f"{_shown(example.source)}: it left {path} behind: remove what it makes")
    stored = example.transcript.read_text("utf-8") if example.transcript.exists() else ""
    is_same = same(stored, attempt.seen, example.settings.order)
    changed = "" if is_same else _difference(example, stored, attempt.seen)
    needless = (
        f"{_shown(path)} says what {older.name} says: remove it"
        for path, older in _needless(example)
    )
    return Verdict(example, attempt.seen, (*faults, *attempt.faults), changed, tuple(needless))


@dataclass(frozen=True)
class _Attempt:
    seen: str
    faults: tuple[str, ...]


def _attempt(
    example: Example, elsewhere: bool, servers: Mapping[str, str], watch: Watch | None
) -> _Attempt:
    settings, shown = example.settings, _shown(example.source)
    with _scratch_copy(example) as folder:
        if complaint := _compile(example, folder):
            return _Attempt(complaint, (f"{shown}: it does not compile",))
        ended = run(
            _run_command(example),
            folder,
            _environment(folder, elsewhere) | dict(servers),
            timeout=settings.timeout,
            tty=elsewhere if settings.tty is None else settings.tty,
            look=watch.look if watch else None,
        )
        seen_open = sorted(watch.found) if watch else []
        texts = [*run_faults(settings, ended), *_files_left(example, folder), *seen_open]
        output = with_aliases(
            ended.output[:OUTPUT_LIMIT].decode("utf-8", "backslashreplace"), _folders(folder)
        )
    faults = tuple(f"{shown}: {text}" for text in texts)
    return _Attempt(compose(example.command, output, ended.status), faults)


def _shown(path: Path) -> Path:
    return path.relative_to(EXAMPLES.parent) if path.is_relative_to(EXAMPLES) else path


def _difference(example: Example, stored: str, seen: str) -> str:
    return difference(stored, seen, str(_shown(example.transcript)))


def _needless(example: Example) -> list[tuple[Path, Path]]:
    """Transcripts that say the same as the one before them, and that one."""
    found: list[tuple[Path, Path]] = []
    before = None
    for path in example.transcripts.values():
        if before and _say_the_same(before, path, example.settings.order):
            found.append((path, before))
        elif path.exists():
            before = path
    return found


def _say_the_same(one: Path, other: Path, order: str) -> bool:
    return same(one.read_text("utf-8"), other.read_text("utf-8"), order)


@contextmanager
def _scratch_copy(example: Example) -> Iterator[Path]:
    """The script and what it needs beside it in a folder of their own, as a reader has them."""
    with tempfile.TemporaryDirectory(prefix="after-fork-") as name:
        folder = Path(name).resolve() / _HOME
        folder.mkdir()
        for path in (example.source, *example.siblings):
            shutil.copy(path, folder)
        (folder / "tmp").mkdir()
        yield folder


def _environment(folder: Path, elsewhere: bool) -> dict[str, str]:
    """What a reader has set; with *elsewhere*, another reader."""
    common = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "TERM": "dumb",
    }
    if not elsewhere:
        return common | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
    lines, columns = map(str, TERMINAL_SIZE)
    return common | {
        "LANG": "C.UTF-8",
        "TZ": "JST-9",
        "LINES": lines,
        "COLUMNS": columns,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _folders(folder: Path) -> list[tuple[Path, str]]:
    return [(folder / "tmp", "/tmp"), (folder, f"/home/{_HOME}"), (folder.parent, "/home")]


def _run_command(example: Example) -> list[str]:
    name, stem = example.source.name, example.source.stem
    return {
        ".py": [sys.executable, name],
        ".c": [f"./{stem}"],
        ".rb": ["ruby", name],
    }[example.source.suffix]


def _compile(example: Example, folder: Path) -> str:
    """Compile the copy in *folder* where that must be; what the compiler complained of."""
    if example.source.suffix != ".c":
        return ""
    name, stem = example.source.name, example.source.stem
    command = shlex.split(_COMPILE.format(stem=stem, name=name))
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return done.stderr if done.returncode else ""


def _files_left(example: Example, folder: Path) -> Iterator[str]:
    ours = {path.name for path in (example.source, *example.siblings)} | {
        "tmp",
        "__pycache__",
        example.source.stem,
    }
    left = [path.name for path in folder.iterdir() if path.name not in ours]
    left += [f"$TMPDIR/{path.name}" for path in (folder / "tmp").iterdir()]
    left += [f"../{path.name}" for path in folder.parent.iterdir() if path != folder]
    if left:
        yield f"it left files behind: {', '.join(sorted(left))}; remove what it makes"
