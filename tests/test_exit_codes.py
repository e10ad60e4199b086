"""What each API says of a command that fails while SIGCHLD is ignored: processes/the-command-….

Every program runs alone, as examples do: nothing forks inside pytest.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from runner import run

IGNORED = "import os, signal, subprocess\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"


def printed(text: str, folder: Path) -> str:
    (folder / "program.py").write_text(text, "utf-8")
    ended = run([sys.executable, "program.py"], folder, {"PATH": os.environ["PATH"]}, timeout=30)
    assert (ended.status, ended.leftovers) == ("0", ()), ended.output.decode()
    return ended.output.decode().strip()


@pytest.mark.parametrize(
    ("call", "ignored", "otherwise"),
    [
        ("subprocess.run(['sh', '-c', 'exit 7']).returncode", "0", "7"),
        ("subprocess.call('exit 7', shell=True)", "0", "7"),
        ("subprocess.getstatusoutput('exit 7')[0]", "0", "7"),
        ("os.popen('exit 7').close()", "None", "1792"),
        ("os.system('exit 7')", "-1", "1792"),
    ],
)
def test_what_is_said_of_exit_7(tmp_path: Path, call: str, ignored: str, otherwise: str) -> None:
    assert printed(f"{IGNORED}print({call})", tmp_path) == ignored
    default = IGNORED.replace("SIG_IGN", "SIG_DFL")
    assert printed(f"{default}print({call})", tmp_path) == otherwise


@pytest.mark.parametrize("call", ["os.waitpid(pid, 0)", "os.wait()"])
def test_the_text_of_the_error(tmp_path: Path, call: str) -> None:
    text = f"""{IGNORED}
pid = os.fork()
if pid == 0:
    os._exit(7)
try:
    {call}
except OSError as error:
    print(f"{{type(error).__name__}}: {{error}}")
"""
    assert printed(text, tmp_path) == "ChildProcessError: [Errno 10] No child processes"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
@pytest.mark.parametrize(
    ("setting", "digit"),
    [
        ("signal.SIG_IGN", "odd"),
        ("signal.SIG_DFL", "even"),
        ("lambda *_: None", "even"),
    ],
)
def test_how_to_see_it_in_a_running_process(tmp_path: Path, setting: str, digit: str) -> None:
    """The line that the page gives: SIGCHLD is signal 17, the lowest bit of the fifth digit."""
    text = f"""
import os, signal, subprocess
signal.signal(signal.SIGTSTP, signal.SIG_IGN)  # a neighbour in the same digit
signal.signal(signal.SIGCHLD, {setting})
print(subprocess.getoutput(f"grep SigIgn /proc/{{os.getpid()}}/status").split()[1])
"""
    mask = printed(text, tmp_path)
    assert ("odd" if int(mask[-5], 16) % 2 else "even") == digit
    assert int(mask[-5], 16) & 8


def test_sig_dfl_outside_the_main_thread(tmp_path: Path) -> None:
    text = """
import signal, threading
threading.excepthook = lambda args: print(args.exc_type.__name__)
act = lambda: signal.signal(signal.SIGCHLD, signal.SIG_DFL)
threading.Thread(target=act).start()
"""
    assert printed(text, tmp_path) == "ValueError"


def test_what_asyncio_says(tmp_path: Path) -> None:
    """A warning and 255; from 3.12 on, on Linux, sometimes ProcessLookupError instead."""
    text = """
import asyncio, logging, os, signal, sys
logging.basicConfig(stream=sys.stdout, format="%(message)s")
signal.signal(signal.SIGCHLD, signal.SIG_IGN)

async def main():
    command = await asyncio.create_subprocess_exec("sh", "-c", "read x; exit 7", stdin=-1)
    command.stdin.close()
    print(await command.wait())

asyncio.run(main())
"""
    warning, returncode = printed(text, tmp_path).splitlines()
    by_pidfd = sys.platform == "linux" and sys.version_info >= (3, 12)
    pattern = (
        r"child process pid \d+ exit status already read:  will report returncode 255"
        if by_pidfd
        else r"Unknown child process pid \d+, will report returncode 255"
    )
    assert re.fullmatch(pattern, warning), warning
    assert returncode == "255"


@pytest.mark.skipif(sys.platform != "linux", reason="GNU env")
@pytest.mark.parametrize(("option", "returncode"), [([], "0"), (["--default-signal=CHLD"], "7")])
def test_a_command_that_is_started_by_env(
    tmp_path: Path, option: list[str], returncode: str
) -> None:
    """The fix for a launcher that cannot be changed: it acts before the program starts."""
    text = f"""
import signal, subprocess, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
program = "import subprocess; print(subprocess.call('exit 7', shell=True))"
subprocess.call(["env", *{option}, sys.executable, "-c", program])
"""
    assert printed(text, tmp_path) == returncode
