"""What a child of the fork server inherits: what docs/*/alternatives/exec-and-spawn.md says of it.

The page's program names the module to preload, so that every Python prints the same. Here it runs
with the default settings, and with the ways out that the pages name.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from runner import EXAMPLES, run

CHAPTER = EXAMPLES / "alternatives"
INHERITED = "lock: False False - sockets: 1"
OWN = "lock: True True - sockets: 2"
SINCE_3_13_8 = (3, 13, 8) <= sys.version_info < (3, 14)
PRELOAD = '    context.set_forkserver_preload(["metrics"])  # (2)!\n'
IMPORT = "import metrics\n\n"
BY_DEFAULT = INHERITED if SINCE_3_13_8 or sys.version_info >= (3, 14, 1) else OWN


def play(folder: Path, changes: dict[str, str], *command: str) -> str:
    """What preloaded.py prints in *folder* after *changes* of its text."""
    text = (CHAPTER / "preloaded.py").read_text("utf-8")
    for old, new in changes.items():
        assert text.count(old) == 1, f"preloaded.py has no longer {old!r}"
        text = text.replace(old, new)
    shutil.copy(CHAPTER / "metrics.py", folder)
    (folder / "program.py").write_text(text, "utf-8")
    arguments = [sys.executable, *(command or ["program.py"])]
    ended = run(arguments, folder, {"PATH": os.environ["PATH"]}, timeout=60)
    output = ended.output.decode()
    assert (ended.status, ended.leftovers) == ("0", ()), output
    return output.rstrip()


def test_by_default_the_server_imports_the_main_module(tmp_path: Path) -> None:
    """Since 3.13.8 and 3.14.1, and with what it imports (gh-126631); before, it did not."""
    assert play(tmp_path, {PRELOAD: ""}) == BY_DEFAULT


def test_a_warning_names_the_server(tmp_path: Path) -> None:
    """The page says how to see it: Python 3.12 warns of a fork with threads, if asked to."""
    output = play(tmp_path, {}, "-W", "always::DeprecationWarning", "program.py")
    warned = re.search(r"forkserver\.py:\d+: DeprecationWarning: .* multi-threaded", output)
    assert bool(warned) == (sys.version_info >= (3, 12)), output


def test_a_main_module_named_by_m_is_not_imported(tmp_path: Path) -> None:
    assert play(tmp_path, {PRELOAD: ""}, "-m", "program") == OWN


def test_an_empty_list_is_the_way_out(tmp_path: Path) -> None:
    empty = "    context.set_forkserver_preload([])\n"
    assert play(tmp_path, {PRELOAD: empty}) == OWN


NESTED = """
def work(answers):
    reader, writer = context.Pipe(duplex=False)
    child = context.Process(target=grandchild, args=[writer])
    child.start()
    answers.send(reader.recv())
    child.join()
    multiprocessing.forkserver._forkserver._stop()


def grandchild(answers):
"""


def test_behind_the_guard_an_empty_list_does_not_reach_grandchildren(tmp_path: Path) -> None:
    """A child that starts a process starts a server of its own, with the default list."""
    empty = "    context.set_forkserver_preload([])\n"
    seen = play(tmp_path, {PRELOAD: empty, "def work(answers):\n": NESTED})
    assert seen == BY_DEFAULT.replace("sockets: 1", "sockets: 2")


def test_an_empty_list_at_the_top_reaches_grandchildren(tmp_path: Path) -> None:
    context = 'context = multiprocessing.get_context("forkserver")\n'
    changes = {
        PRELOAD: "",
        context: f"{context}context.set_forkserver_preload([])\n",
        "def work(answers):\n": NESTED,
    }
    assert play(tmp_path, changes) == OWN


def test_an_empty_list_comes_too_late_when_the_server_runs(tmp_path: Path) -> None:
    first = "    first = context.Process(target=int)\n    first.start()\n    first.join()\n"
    late = PRELOAD + first + "    context.set_forkserver_preload([])\n"
    assert play(tmp_path, {PRELOAD: late}) == INHERITED


def test_what_only_the_guarded_part_imports_is_not_inherited(tmp_path: Path) -> None:
    changes = {
        IMPORT: "\n",
        "    signal.alarm(30)\n": "    signal.alarm(30)\n    import metrics\n",
        PRELOAD: "    import metrics\n",
    }
    assert play(tmp_path, changes) == OWN


def test_the_guard_does_not_help_with_what_main_imports(tmp_path: Path) -> None:
    """All that the main module does itself is guarded here: only the import is not."""
    (tmp_path / "worker.py").write_text(
        "import os, signal\nimport metrics\n\n"
        "def work(answers):\n"
        "    signal.alarm(30)\n"
        "    socket = os.fstat(metrics.connection.fileno()).st_ino\n"
        "    answers.send((metrics.gets_lock(), socket))\n",
        "utf-8",
    )
    text = (CHAPTER / "preloaded.py").read_text("utf-8")
    work = text[text.index("def work") : text.index("# --8<-- [end:child]")]
    assert (
        play(tmp_path, {IMPORT: "", work: "from worker import work\n", PRELOAD: ""}) == BY_DEFAULT
    )


def test_spawn_inherits_neither(tmp_path: Path) -> None:
    changes = {'get_context("forkserver")': 'get_context("spawn")', PRELOAD: ""}
    assert play(tmp_path, changes) == OWN
