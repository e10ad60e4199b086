"""An example and the verdict on one run of it."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .needs import NEEDS, needs_of, unneeded
from .process import OUTPUT_LIMIT, Ended, run
from .settings import Settings, line_of_setting, load_settings
from .transcript import compose, difference, same, with_aliases
from .versions import HERE, Version, name_of, path_for, transcript_of, transcripts_of

EXAMPLES = Path(__file__).parents[1] / "examples"
_SOURCES = (".py", ".c", ".rb")
_COMPILE = "cc -pthread -Wall -Werror -o {stem} {name}"
_UPDATE = "If this is what it should print now: make update"
_UPDATE_PYTHONS = "If Python {here} should, and another Python something else: make update-pythons"


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
    def command(self) -> str:
        """What a reader types."""
        name, stem = self.source.name, self.source.stem
        typed = {
            ".py": f"python {name}",
            ".c": f"{_COMPILE.format(stem=stem, name=name)} && ./{stem}",
            ".rb": f"ruby {name}",
        }[self.source.suffix]
        return f"{typed} > out.txt" if self.settings.tty is False else typed

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

    def report(self) -> str:
        """The reasons, and the command that mends what a command can mend."""
        reasons = [f"{self.example.source.name}: {text}" for text in self.unacceptable]
        if reasons:
            return "\n".join([*reasons, f"It printed:\n{self.seen[:4000]}"])
        if not self.difference:
            return "\n".join(self.needless)
        advice = [_UPDATE]
        if self.example.source.suffix == ".py":
            advice.append(_UPDATE_PYTHONS.format(here=name_of(HERE)))
        return "\n".join([self.difference, "", *advice])

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
    """Every script of every chapter, in order of their paths."""
    return [Example(path) for path in sorted(root.glob("*/*")) if path.suffix in _SOURCES]


def judge(
    example: Example, *, tty: bool | None = None, servers: Mapping[str, str] | None = None
) -> Verdict:
    """Run *example* once and compare.

    *tty* overrides what the settings leave open; *servers* are the variables by which the
    example finds the servers it needs (see Servers.environment).
    """
    settings = example.settings
    on_terminal = bool(tty) if settings.tty is None else settings.tty
    with _scratch_copy(example) as folder:
        complaint = _compile(example, folder)
        if complaint:
            return Verdict(example, complaint, ("it does not compile",), "")
        ended = run(
            _run_command(example),
            folder,
            _environment(folder) | dict(servers or {}),
            timeout=settings.timeout,
            tty=on_terminal,
        )
        faults = [*_faults(example, ended), *_files_left(example, folder)]
        output = with_aliases(
            ended.output[:OUTPUT_LIMIT].decode("utf-8", "backslashreplace"), _folders(folder)
        )
    seen = compose(example.command, output, ended.status)
    stored = example.transcript.read_text("utf-8") if example.transcript.exists() else ""
    changed = "" if same(stored, seen, settings.order) else _difference(example, stored, seen)
    needless = (
        f"{_shown(path)} says what {older.name} says: remove it"
        for path, older in _needless(example)
    )
    return Verdict(example, seen, tuple(faults), changed, tuple(needless))


def _difference(example: Example, stored: str, seen: str) -> str:
    return difference(stored, seen, _shown(example.transcript))


def _shown(path: Path) -> str:
    return str(path.relative_to(EXAMPLES.parent) if path.is_relative_to(EXAMPLES) else path)


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
    """The chapter's sources in a folder of their own, as a reader would have them."""
    with tempfile.TemporaryDirectory(prefix="after-fork-") as name:
        folder = Path(name).resolve()
        for path in example.source.parent.iterdir():
            if path.suffix in _SOURCES:
                shutil.copy(path, folder)
        (folder / "tmp").mkdir()
        yield folder


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "dumb",
        "PYTHONHASHSEED": "0",
    }


def _folders(folder: Path) -> list[tuple[Path, str]]:
    return [(folder / "tmp", "/tmp"), (folder, "/home/you")]


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


def _faults(example: Example, ended: Ended) -> Iterator[str]:
    settings, path = example.settings, example.settings_file
    if ended.status != settings.expect:
        yield _unexpected_end(settings, ended)
    found = Counter(leftover.kind for leftover in ended.leftovers)
    if tuple(sorted(found.items())) != settings.leftovers and ended.status != "timeout":
        yield _wrong_leftovers(settings, ended)
    if not ended.output:
        yield "it printed nothing, so there is nothing to show"
    if len(ended.output) > OUTPUT_LIMIT:
        yield f"it printed more than {OUTPUT_LIMIT // 1024} KiB; a transcript must fit a page"
    try:
        ended.output[:OUTPUT_LIMIT].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < OUTPUT_LIMIT - 4:
            yield f"it printed bytes that are not UTF-8, the first at byte {error.start}"
    for name in unneeded(example.source, settings.needs):
        line = line_of_setting("needs", path)
        yield f"{path.name}:{line}: needs {name!r}, but nothing in the program asks for it"


def _unexpected_end(settings: Settings, ended: Ended) -> str:
    hint = {
        "timeout": f"it still ran after {settings.timeout:g} s and was killed",
        "120": "it could not write its last output (is its standard output closed?)",
    }.get(ended.status, f"it ended with {ended.status}")
    if b"EOFError" in ended.output:
        hint += " (an example has no standard input)"
    return f"{hint}; expected: {settings.expect}" + (
        "" if settings.expect != "0" else ". If that is the lesson, declare it: expect = …"
    )


def _wrong_leftovers(settings: Settings, ended: Ended) -> str:
    if not ended.leftovers:
        return f"declares leftovers {dict(settings.leftovers)}, but left none; remove the setting"
    left = "; ".join(
        f"{leftover.kind} pid {leftover.pid} ({leftover.command})" for leftover in ended.leftovers
    )
    wanted = f"declared: {dict(settings.leftovers)}" if settings.leftovers else "nobody waited"
    return f"it left processes behind, {wanted}: {left}"


def _files_left(example: Example, folder: Path) -> Iterator[str]:
    ours = {path.name for path in example.source.parent.iterdir()} | {
        "tmp",
        "__pycache__",
        example.source.stem,
    }
    left = [path.name for path in folder.iterdir() if path.name not in ours]
    left += [f"$TMPDIR/{path.name}" for path in (folder / "tmp").iterdir()]
    if left:
        yield f"it left files behind: {', '.join(sorted(left))}"
