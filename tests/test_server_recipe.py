"""The commands by which a page starts a database open it to its reader alone.

A server without passwords answers whoever reaches its socket, and then reads and writes files as
the user who started it. So the folder of that socket must be new, and closed to other users.
"""

from __future__ import annotations

import os
import pwd
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.support.results import require
from tools.pages import CODES, find_pages

PAGE = "descriptors/one-session-two-processes.md"
COMMANDS = {
    f"{language}/{page.name}": [fence.body for fence in page.fences if fence.language == "sh"]
    for language in CODES
    for page in find_pages(language)
}
OTHER = 65533  # a user that no machine has

# Runs the commands in a shell of the user argv[2], which has a job already. In place of the page's
# program it says what it found, and tries as another user to connect, which only root can try.
DRIVER = """
import os, socket, stat, subprocess, sys

def become(user):
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)

BEFORE = 'sleep 50 & job=$!; uv() { echo "$MYSQL_UNIX_PORT"; read -r _; }\\n'
AFTER = "kill $job; wait $job || true"
recipe, owner, other = sys.argv[1], *map(int, sys.argv[2:])
shell = subprocess.Popen(
    ["bash", "-ec", BEFORE + recipe + AFTER],
    preexec_fn=lambda: become(owner),
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
)
path = shell.stdout.readline().strip()
with socket.socket(socket.AF_UNIX) as end:
    end.settimeout(10)
    end.connect(path)
    print("the server:", "greets" if end.recv(1) else "hangs up", flush=True)
print("folder:", oct(stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode)), flush=True)
if os.geteuid() == 0:
    pid = os.fork()
    if pid == 0:
        become(other)
        try:
            socket.socket(socket.AF_UNIX).connect(path)
            print("another user: connected", flush=True)
        except OSError as error:
            print("another user:", type(error).__name__, flush=True)
        os._exit(0)
    os.waitpid(pid, 0)
shell.communicate("go on\\n")
print("commands ended with", shell.returncode)
"""


def test_the_server_of_the_page_is_closed_to_other_users() -> None:
    require(["mariadb"])
    as_root = os.geteuid() == 0
    owner = pwd.getpwnam("nobody").pw_uid if as_root else os.geteuid()
    with tempfile.TemporaryDirectory(prefix="after-fork-recipe-") as name:
        temporary = Path(name)
        temporary.chmod(0o755)  # as open as /tmp: only the commands can close it
        if as_root:
            os.chown(temporary, owner, -1)
        recipe = "\n".join(COMMANDS[f"en/{PAGE}"])
        # Not by runner, whose limit for a file is less than an empty database.
        driver = subprocess.Popen(
            [sys.executable, "-c", DRIVER, recipe, str(owner), str(OTHER)],
            cwd=temporary,
            env={"PATH": os.environ["PATH"], "HOME": name, "TMPDIR": name},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            said, _ = driver.communicate(timeout=60)
        finally:
            left = end_group(driver.pid)
            driver.wait()
        files = sorted(path.name for path in temporary.iterdir())
    assert said.splitlines() == [
        "the server: greets",
        "folder: 0o700",
        *(["another user: PermissionError"] if as_root else []),
        "commands ended with 0",
    ]
    assert (driver.returncode, left, files) == (0, False, [])


def end_group(group: int) -> bool:
    """Kill what is left of a process group; whether there was anything."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def problems(commands: str) -> list[str]:
    """What in *commands* lets another user in."""
    found = [f"{place}: a name that others know" for place in re.findall(r"/tmp/\S+", commands)]
    if "skip-grant-tables" in commands:
        if "mktemp -d" not in commands:
            found.append("a server without passwords wants a folder by mktemp -d")
        if "--skip-networking" not in commands:
            found.append("a server without passwords wants --skip-networking")
    return found


@pytest.mark.parametrize("page", COMMANDS)
def test_no_page_opens_a_server_to_other_users(page: str) -> None:
    assert problems("\n".join(COMMANDS[page])) == []


def test_the_check_sees_what_was_on_the_page() -> None:
    old = "mkdir -p /tmp/fork-db\nmariadbd --skip-grant-tables --datadir=/tmp/fork-db &\n"
    assert len(problems(old)) == 4
