"""The programs of processes/exec that readers copy, with what goes wrong put into them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from runner import EXAMPLES
from tests.support.play import Play, changed

PASSES = (EXAMPLES / "processes" / "exec_passes.py").read_text("utf-8")
BY_SUBPROCESS = (EXAMPLES / "processes" / "exec_by_subprocess.py").read_text("utf-8")
SIGNALS = (EXAMPLES / "processes" / "default_signals.py").read_text("utf-8")
EXECS = "os.execv(sys.executable, command)"


@pytest.fixture
def play(tmp_path: Path) -> Play:
    return Play(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_the_new_program_ignores_neither_sigpipe_nor_sigxfsz(play: Play) -> None:
    shows = 'os.execvp("grep", ["grep", "SigIgn", "/proc/self/status"])'
    careless = ("signal.SIG_DFL)", "signal.SIG_IGN)")
    assert ignored(play(changed(PASSES, (EXECS, shows)))) & 0x1001000 == 0
    assert ignored(play(changed(PASSES, (EXECS, shows), careless))) & 0x1001000 == 0x1001000


def ignored(said: list[str]) -> int:
    (line,) = [line for line in said if line.startswith("SigIgn")]
    return int(line.split()[1], 16)


@pytest.mark.parametrize("fails", ['os.execv("/nowhere", command)', 'os.execv("/a\\0b", command)'])
def test_an_exec_that_fails_is_seen(play: Play, fails: str) -> None:
    said = play(changed(PASSES, (EXECS, fails)))
    assert said[-1] == "parent read: 0 bytes, exit code 127"
    assert any(line.startswith("Traceback") for line in said)


def test_what_was_printed_before_the_fork_comes_once(play: Play) -> None:
    assert play("print('before')\n" + PASSES).count("before") == 1


def test_a_program_that_does_not_exist_raises_in_the_parent(play: Play) -> None:
    missing = changed(BY_SUBPROCESS, ("[sys.executable,", '["nowhere",'))
    said = play(
        f"try:\n    exec({missing!r})\nexcept FileNotFoundError as error:\n    print(error)"
    )
    assert said == ["[Errno 2] No such file or directory: 'nowhere'"]


@pytest.mark.parametrize("setting", ["setsigdef", "setsigmask"])
def test_both_settings_are_needed(play: Play, setting: str) -> None:
    lines = SIGNALS.splitlines(keepends=True)
    program = "".join(line for line in lines if setting not in line)
    assert play(program) == ["SIGTERM had no effect", "exit code: 0"]
