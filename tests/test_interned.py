"""Whether interning keeps a child from copying: what docs/*/memory/reading-is-writing.md says.

Interned strings, attribute names among them, are immortal in 3.12.0 to 3.12.6 and in
free-threaded builds, and only there: their reference counts are not written (gh-113993).
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

import pytest

from runner import EXAMPLES, run

PROGRAM = """
import sys
from reads_a_list import copied_by, read

holder = type("Holder", (), {})()
texts = [TEXT for number in range(1 << 19)]
copied_by("strings", lambda: read(texts))
"""
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
IMMORTAL = FREE_THREADED or (3, 12) <= sys.version_info < (3, 12, 7)


@pytest.mark.parametrize(
    ("text", "copied"),
    [
        ('f"the name of client {number}"', True),
        ('sys.intern(f"the name of client {number}")', not IMMORTAL),
        ('(name := f"client_{number}", setattr(holder, name, None))[0]', not IMMORTAL),
    ],
)
def test_what_reading_strings_copies(tmp_path: Path, text: str, copied: bool) -> None:
    shutil.copy(EXAMPLES / "memory" / "reads_a_list.py", tmp_path)
    (tmp_path / "program.py").write_text(PROGRAM.replace("TEXT", text), "utf-8")
    command = [sys.executable, "program.py"]
    ended = run(command, tmp_path, {"PATH": os.environ["PATH"]}, timeout=60)
    output = ended.output.decode()
    assert (ended.status, ended.leftovers) == ("0", ()), output
    assert (int(output.split()[1]) >= 16) == copied, output
