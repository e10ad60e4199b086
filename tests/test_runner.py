"""The runner against programs that misbehave: each is named, and none outlives its run."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from mmap import ACCESS_READ, mmap
from pathlib import Path

import psutil
import pytest

from runner import Example, SettingsError, Verdict, judge, load_settings, rounds
from runner import __main__ as command
from runner.libraries import HOW_TO_ADD
from runner.load import busy, heavy
from runner.needs import NEEDS, unmentioned
from runner.places import left_each_time
from runner.rounds import repeat
from runner.transcript import compose, same, with_aliases
from tests.support.results import require
from tools.pages import ROOT

MISBEHAVIOUR = Path(__file__).parent / "misbehaviour"
ON_LINUX = sys.platform == "linux"


def copy_of(name: str, folder: Path, settings: str = "") -> Example:
    """The script *name* in a chapter of its own, so that transcripts and settings can be added."""
    chapter = folder / "misbehaviour"
    chapter.mkdir(exist_ok=True)
    source = chapter / f"{name}.py"
    source.write_text((MISBEHAVIOUR / f"{name}.py").read_text())
    if settings:
        source.with_suffix(".toml").write_text(settings)
    return Example(source)


def faults_of(example: Example) -> str:
    return "\n".join(judge(example).unacceptable)


def still_there(name: str) -> list[psutil.Process]:
    """Processes of the script below this one, zombies of any kind among them.

    Whatever escaped its session has become a child of ours on Linux, its subreaper.
    """
    found = []
    for process in psutil.Process().children(recursive=True):
        zombie = process.status() == psutil.STATUS_ZOMBIE
        if zombie or f"{name}.py" in process.cmdline():
            found.append(process)
    return found


def test_a_program_that_behaves(tmp_path: Path) -> None:
    example = copy_of("behaves", tmp_path)
    verdict = judge(example)
    assert verdict.unacceptable == ()
    assert verdict.seen == (
        "$ python behaves.py\n"
        "child: pid=4001 ppid=4002\n"
        "parent: pid=4002 child pid=4001\n"
        "python variables: []\n"
        "terminal: False stdin: ''\n"
    )
    assert verdict.store()
    assert judge(example).ok
    assert "terminal: True" in judge(example, tty=True).seen


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("kills_itself", "", "it ended with SIGKILL; expected: 0"),
        ("exits_with_7", "", "it ended with 7; expected: 0"),
        ("deadlocks", "timeout = 0.5", "it still ran after 0.5 s and was killed"),
        ("ignores_sigterm", "timeout = 0.5", "it still ran after 0.5 s and was killed"),
        ("prints_too_much", "", "it printed more than 64 KiB"),
        ("prints_no_utf8", "", "not UTF-8, the first at byte 3"),
        ("prints_nothing", "", "it printed nothing, so there is nothing to show"),
        ("reads_stdin", "", "it ended with 1 (an example has no standard input)"),
        ("closes_stdout", "", "could not write its last output"),
        ("leaves_a_file", "", "it left files behind: $TMPDIR/tmp"),
        ("leaves_a_file", "", "notes.txt"),
        ("leaves_a_file_above", "", "it left files behind: ../notes.txt; remove what it makes"),
        (
            *("asks_for_a_server", ""),
            "asks_for_a_server.py:3: MYSQL_UNIX_PORT asks for mariadb: "
            'write needs = ["mariadb"] into asks_for_a_server.toml',
        ),
        ("asks_for_an_unknown_server", "", "nobody set NOSUCHSERVER_SOCKET. A server is asked for"),
        ("imports_what_is_not_here", "", "nowhere is not installed here. An example uses the"),
        pytest.param(
            *("daemonizes", "", "it left processes behind, nobody waited: running pid"),
            marks=pytest.mark.skipif(not ON_LINUX, reason="subreapers are Linux's"),
        ),
        pytest.param(
            *("leaves_a_zombie", "", "it left processes behind, nobody waited: zombie pid"),
            marks=pytest.mark.skipif(not ON_LINUX, reason="subreapers are Linux's"),
        ),
    ],
)
def test_misbehaviour_is_named_and_ended(
    name: str, settings: str, message: str, tmp_path: Path
) -> None:
    assert message in faults_of(copy_of(name, tmp_path, settings))
    assert still_there(name) == []


def test_a_child_that_falls_through_shows_in_the_output(tmp_path: Path) -> None:
    example = copy_of("falls_through", tmp_path)
    example.transcript.write_text(
        "$ python falls_through.py\nchild\nboth of us come here\n", "utf-8"
    )
    assert "+both of us come here" in judge(example).report()


def test_a_fork_bomb_ends_with_the_run(tmp_path: Path) -> None:
    started = time.monotonic()
    example = copy_of("forks_without_end", tmp_path, "timeout = 2")
    assert "it still ran after 2 s and was killed" in faults_of(example)
    assert still_there("forks_without_end") == []
    assert time.monotonic() - started < 60, "on a machine without other work it takes 2 s"


def test_a_declared_end_is_checked_both_ways(tmp_path: Path) -> None:
    assert faults_of(copy_of("kills_itself", tmp_path, 'expect = "SIGKILL"\nwhy = "!"')) == ""
    assert faults_of(copy_of("exits_with_7", tmp_path, 'expect = 7\nwhy = "!"')) == ""
    deadlock = 'timeout = 0.5\nexpect = "timeout"\nwhy = "!"'
    assert faults_of(copy_of("deadlocks", tmp_path, deadlock)) == ""
    assert still_there("deadlocks") == []
    message = "it ended with 0; expected: 7"
    assert message in faults_of(copy_of("behaves", tmp_path, 'expect = 7\nwhy = "!"'))


@pytest.mark.skipif(not ON_LINUX, reason="subreapers are Linux's")
def test_declared_leftovers_are_checked_both_ways(tmp_path: Path) -> None:
    declared = 'leftovers = {running = 1}\nwhy = "!"'
    assert faults_of(copy_of("daemonizes", tmp_path, declared)) == ""
    assert still_there("daemonizes") == []
    assert "but left none; remove the setting" in faults_of(copy_of("behaves", tmp_path, declared))
    assert "declared: {'running': 1}" in faults_of(copy_of("leaves_a_zombie", tmp_path, declared))


def test_the_status_closes_the_transcript(tmp_path: Path) -> None:
    assert judge(copy_of("exits_with_7", tmp_path)).seen.endswith("leaving\n? 7\n")
    assert judge(copy_of("kills_itself", tmp_path)).seen.endswith("going\n? SIGKILL\n")


def test_output_reaches_the_file_although_a_child_hangs(tmp_path: Path) -> None:
    """`subprocess.run(capture_output=True)` would wait for the pipe's last holder."""
    example = copy_of("deadlocks", tmp_path, 'timeout = 0.5\nexpect = "timeout"\nwhy = "!"')
    assert judge(example).seen == "$ python deadlocks.py\nwaiting\nwaiting\n? timeout\n"


def test_faults_are_never_stored(tmp_path: Path) -> None:
    example = copy_of("exits_with_7", tmp_path)
    assert not judge(example).store()
    assert not example.transcript.exists()


def test_a_dying_signal_disposition_is_not_passed_on(tmp_path: Path) -> None:
    """nohup and shells make background jobs ignore SIGINT; a reader's program does not."""
    source = tmp_path / "chapter" / "shows_sigint.py"
    source.parent.mkdir()
    source.write_text("import signal\nprint(signal.getsignal(signal.SIGINT))\n")
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert "default_int_handler" in judge(Example(source)).seen
    finally:
        signal.signal(signal.SIGINT, before)


def test_descriptors_of_ours_are_not_passed_on(tmp_path: Path) -> None:
    source = tmp_path / "chapter" / "shows_next_fd.py"
    source.parent.mkdir()
    source.write_text("import os\nprint(os.open(os.devnull, os.O_RDONLY))\n")
    inherited = os.open(os.devnull, os.O_RDONLY)
    os.set_inheritable(inherited, True)
    try:
        assert judge(Example(source)).seen.endswith("\n3\n")
    finally:
        os.close(inherited)


def test_a_server_of_ours_is_neither_counted_nor_killed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as server:
        assert faults_of(copy_of("behaves", tmp_path)) == ""
        assert server.poll() is None
        server.communicate(b"\n")
    assert server.returncode == 0


HELLO = {
    "c": '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n',
    "rb": 'puts "hello"\n',
}
TYPED = {
    "c": "cc -pthread -Wall -Werror -o hello hello.c && ./hello",
    "rb": "ruby hello.rb",
}


@pytest.mark.parametrize(("suffix", "need"), [("c", "cc"), ("rb", "ruby")])
def test_other_languages_run_as_their_transcripts_say(
    suffix: str, need: str, tmp_path: Path
) -> None:
    require([need])
    source = tmp_path / "chapter" / f"hello.{suffix}"
    source.parent.mkdir()
    source.write_text(HELLO[suffix])
    verdict = judge(Example(source))
    assert verdict.unacceptable == ()
    assert verdict.seen == f"$ {TYPED[suffix]}\nhello\n"


def test_a_c_program_that_does_not_compile_says_why(tmp_path: Path) -> None:
    require(["cc"])
    source = tmp_path / "chapter" / "hello.c"
    source.parent.mkdir()
    source.write_text("int main(void) { int unused; return 0; }\n")
    assert "unused variable" in judge(Example(source)).report()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("expekt = 7", "x.toml:1: unknown setting 'expekt'"),
        ('why = "!"\nexpect = 0', "x.toml:2: expect = 0: ending with 0 is the default"),
        ('expect = "SIGNOPE"\nwhy = "!"', "x.toml:1: expect = 'SIGNOPE': say an exit status"),
        ("expect = 7", "x.toml:1: expect wants a why beside it"),
        ("timeout = 10", "x.toml:1: timeout = 10: this is the default"),
        ("timeout = 1000", "x.toml:1: timeout = 1000: say seconds, at most 120"),
        ('python = ">=3.11"', "x.toml:1: python = '>=3.11': every supported Python"),
        ('python = "new"', "x.toml:1: python = 'new': say versions as in \">=3.12\""),
        ('platform = "beos"', "x.toml:1: platform = 'beos': say one of linux, darwin"),
        ('needs = ["time"]', "x.toml:1: needs = ['time']: unknown need 'time'"),
        ('needs = ["time"]', "A new one goes into NEEDS in runner/needs.py, and a server into"),
        ('python = ">=3.99"', "x.toml:1: python = '>=3.99' is no Python of CI (on linux it has"),
        ('python = "==3.13.1"', "CI takes the newest of each line of Python, so say 3.13 alone"),
        ('python = ">=3.12.30,<3.13"', "x.toml:1: python = '>=3.12.30,<3.13': CI takes the newest"),
        ('platform = "darwin"\npython = "<3.13"', "x.toml:2: python = '<3.13' is no Python of CI"),
        ('needs = ["cc"]\nplatform = "darwin"', "x.toml:2: what an example needs is installed on"),
        ("waits = false", "x.toml:1: waits = False: true is the only value"),
        ("waits = true", "x.toml:1: waits wants a why beside it"),
        ('order = "exact"', "x.toml:1: order = 'exact'"),
        ("leftovers = {running = 0}", "x.toml:1: leftovers = {'running': 0}: say how many"),
        ('tty = "yes"', "x.toml:1: tty = 'yes': say true"),
        ("files = []", "x.toml:1: files = []: say a list of names"),
        ('files = ["../x"]', "'../x' is no name of a file beside it"),
        ("\n[why]\nx = 1", "x.toml:2: why = {'x': 1}: say a sentence"),
        ("expect = ", "x.toml:1: Invalid value"),
        ("", "x.toml:1: nothing is set here; remove the file"),
    ],
)
def test_bad_settings_name_file_and_line(settings: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(settings)
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    assert message in str(caught.value)


def test_a_need_that_nothing_uses_is_refused(tmp_path: Path) -> None:
    example = copy_of("behaves", tmp_path, 'needs = ["cc"]')
    assert "behaves.toml:1: needs 'cc', but nothing in the program asks" in faults_of(example)


def test_aliases_keep_equality() -> None:
    text = "pid=812 ppid=77 pid=812 ppid=1 pid=0 (pid=9) at 0x7f21a0 or 0x7f21b0 or 0x7f21a0"
    assert with_aliases(text) == (
        "pid=4001 ppid=4002 pid=4001 ppid=1 pid=0 (pid=4003) at "
        "0x7f0000001000 or 0x7f0000002000 or 0x7f0000001000"
    )
    assert with_aliases("127.0.0.1:40112 port=40112 ('127.0.0.1', 53001)") == (
        "127.0.0.1:50001 port=50001 ('127.0.0.1', 50002)"
    )
    here = [(Path("/x/run/tmp"), "/tmp"), (Path("/x/run"), "/home/you")]
    assert with_aliases('File "/x/run/a.py", /x/run/tmp/tmpab12_z9q', here) == (
        'File "/home/you/a.py", /tmp/tmp00000001'
    )


def test_order_any_takes_the_lines_in_any_order() -> None:
    one, two = compose("python x.py", "a\nb\n", "0"), compose("python x.py", "b\na\n", "0")
    assert not same(one, two, "exact")
    assert same(one, two, "any")
    assert not same(one, two.replace("b", "c"), "any")


def test_update_keeps_the_old_text_where_only_order_changed(tmp_path: Path) -> None:
    example = copy_of("behaves", tmp_path, 'order = "any"\nwhy = "!"')
    lines = judge(example).seen.splitlines()
    stored = "\n".join([lines[0], *reversed(lines[1:])]) + "\n"
    example.transcript.write_text(stored)
    assert not judge(example).store()
    assert example.transcript.read_text() == stored


def test_the_command_updates_and_compares(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = str(copy_of("behaves_anywhere", tmp_path).source)
    assert command.main([script]) == 1
    said = capsys.readouterr().out
    assert f"print now: make update, or .venv/bin/python -m runner --update {script}" in said
    assert command.main(["--update", script]) == 0
    said = capsys.readouterr().out
    assert (
        said
        == f"wrote behaves_anywhere.out\nNow: .venv/bin/python -m runner --repeat 50 {script}\n"
    )
    assert command.main(["--repeat", "3", "--load", "1", script]) == 0
    assert "the same, 3 of 3" in capsys.readouterr().out
    assert command.main(["--update", script]) == 0
    assert "nothing changed in" in capsys.readouterr().out


def test_a_report_says_what_was_printed(tmp_path: Path) -> None:
    verdict: Verdict = judge(copy_of("exits_with_7", tmp_path))
    assert "It printed:\n$ python exits_with_7.py\nleaving" in verdict.report()


def recorded(name: str, folder: Path) -> Example:
    """A script with the transcript of one run, whatever that was."""
    example = copy_of(name, folder)
    example.transcript.write_text(judge(example).seen, "utf-8")
    return example


@pytest.mark.parametrize(
    ("name", "rounds", "load", "message"),
    [
        ("prints_its_width", 2, 0, "run 2:\n"),
        ("prints_its_width", 2, 0, "it prints this in a terminal each time, and something else"),
        ("prints_local_time", 2, 0, "COLUMNS, TZ and PYTHON… variables are others"),
        ("prints_a_set", 2, 0, "it does not print the same each time: one run more printed"),
        ("prints_two_orders", 2, 0, "The lines are the same in another order: sort what comes"),
        ("differs_one_run_in_ten", 200, 0, "It printed 'late', then 'in time'. Print pids as"),
        ("prints_a_duration", 20, heavy(), f" beside {heavy()} busy processes:"),
    ],
)
def test_what_differs_between_readers_is_seen(
    name: str, rounds: int, load: int, message: str, tmp_path: Path
) -> None:
    example = recorded(name, tmp_path)
    if name == "differs_one_run_in_ten":
        example.transcript.write_text(f"$ {example.command}\nin time\n", "utf-8")
    if load:
        example.transcript.write_text(f"$ {example.command}\nquick\n", "utf-8")
    _, report = repeat(example, rounds, load=load)
    assert message in report
    if not load:  # beside the tests of others, it may be slow each time
        assert "make update, or" not in report, "which would never end"


def test_a_duration_is_not_to_be_updated(tmp_path: Path) -> None:
    example = recorded("behaves_anywhere", tmp_path)
    example.source.write_text("print('took 0.2 s')\n")
    _, report = repeat(example, 1)
    assert "But how long something takes is another on each machine" in report


def test_a_child_that_is_asked_after_too_early(tmp_path: Path) -> None:
    example = recorded("prints_a_set", tmp_path)
    example.source.write_text(example.source.read_text() + "# waitpid(pid, WNOHANG)\n")
    _, report = repeat(example, 2)
    assert "wait for it by waitpid() or a pipe" in report


@pytest.mark.parametrize("word", ["cc", "gcc", "clang"])
def test_a_compiler_that_is_called_is_a_need(word: str, tmp_path: Path) -> None:
    source = tmp_path / "x.py"
    source.write_text(f'subprocess.run(["{word}", "x.c"])')
    assert unmentioned(source, ()) == [("cc", word)]


def test_an_update_that_would_not_last_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = str(copy_of("prints_a_set", tmp_path).source)
    assert command.main(["--update", script]) == 1
    assert "it does not print the same each time" in capsys.readouterr().out


@pytest.mark.skipif(not ON_LINUX, reason="/proc is Linux's")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("listens_everywhere", "it listens on 0.0.0.0, open to other machines: listen on"),
        ("asks_the_network", "it asks 192.0.2.1: an example talks to its own machine only"),
        ("looks_up_a_name", "it looks up a name, for which it asks 127.0.0.53: use 127.0.0.1"),
    ],
)
def test_sockets_are_seen_while_it_runs(name: str, message: str, tmp_path: Path) -> None:
    assert any(
        message in fault for fault in judge(copy_of(name, tmp_path), watch=True).unacceptable
    )


@pytest.mark.skipif(not ON_LINUX, reason="/dev/shm is Linux's")
def test_a_name_of_shared_memory_is_seen(tmp_path: Path) -> None:
    try:
        assert "it left /dev/shm/misbehaviour-" in faults_of(
            copy_of("leaves_a_file_in_shm", tmp_path)
        )
    finally:
        for path in Path("/dev/shm").glob("misbehaviour-*"):
            path.unlink()


@pytest.mark.skipif(not ON_LINUX, reason="/dev/shm is Linux's")
def test_what_another_program_uses_is_not_said_to_be_left() -> None:
    path = Path("/dev/shm", f"after-fork-{os.getpid()}")
    path.write_bytes(b"x")
    try:
        with path.open("rb") as file, mmap(file.fileno(), 1, access=ACCESS_READ):
            assert left_each_time({path}, {path}) == []
        assert left_each_time({path}, {path}) == [path]
    finally:
        path.unlink()


def test_what_needs_two_cpus_is_given_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def noted(load: int) -> AbstractContextManager[None]:
        asked.append(load)
        return nullcontext()

    monkeypatch.setattr(rounds, "busy", noted)
    repeat(copy_of("behaves_anywhere", tmp_path), 1, load=2)
    repeat(copy_of("behaves", tmp_path, 'lab = "cpus"'), 1, load=2)
    assert asked == [2, 0]


def test_other_work_ends_with_the_round() -> None:
    before = psutil.Process().children()
    with busy(2):
        assert len(psutil.Process().children()) == len(before) + 2
    assert psutil.Process().children() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a script, as in: .venv/bin/python -m runner examples/descriptors/echo_leak.py"),
        (["examples/no.py"], "no such script: examples/no.py"),
        (["examples/x.out"], "not a script: examples/x.out; its name ends in .py, .c, .rb"),
    ],
)
def test_the_command_says_how_it_is_called(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command.main(arguments)
    assert message in capsys.readouterr().err


def test_the_command_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NEEDS, "mariadb", replace(NEEDS["mariadb"], is_met=lambda: False))
    script = str(copy_of("asks_for_a_server", tmp_path, 'needs = ["mariadb"]').source)
    assert command.main([script]) == 1
    said = capsys.readouterr().out
    assert "not run here: mariadb not found; on Debian: sudo apt-get install mariadb-" in said


def test_libraries_are_added_where_the_message_says() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    assert re.findall(r'group "(\w+)"', HOW_TO_ADD)[0] in groups
