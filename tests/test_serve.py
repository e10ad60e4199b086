"""`make serve`: says at once that a port is taken, and leaves nothing behind when it is ended."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from urllib.request import urlopen

import psutil
import pytest

from tools.pages import JAPANESE, LANGUAGES, ROOT

SECONDS = 60  # for what takes one or two on a machine without other work


@contextmanager
def make_serve(project: Path, port: int, temporary: Path) -> Iterator[subprocess.Popen[str]]:
    """`make serve` in a session of its own, as a terminal would start it."""
    command = ["make", "--old-file=.venv/.site", f"PY={sys.executable}", "serve"]
    outside = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    # What a shell starts in the background ignores Ctrl-C, and so would all that it starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        [*command, f"ADDRESS=127.0.0.1:{port}"],
        cwd=project,
        env=outside | {"TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        signal.signal(signal.SIGINT, before)
        patience = Timer(5 * SECONDS, kill_processes_of, [temporary])  # no test waits for ever
        patience.start()
        try:
            yield process
        finally:
            patience.cancel()
            kill_processes_of(temporary)


def kill_processes_of(temporary: Path) -> None:
    for left in processes_of(temporary):
        left.kill()


def processes_of(temporary: Path) -> list[psutil.Process]:
    """Who was started with this folder for temporary files, in whatever session; no zombies."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(temporary) in process.environ().get("TMPDIR", ""):
                found.append(process)
        except psutil.Error:
            pass
    return found


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    return folder


def test_a_port_that_is_taken_is_said_before_anything_is_built(temporary: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with make_serve(ROOT, port, temporary) as process:
            said = process.communicate(timeout=SECONDS)[0]
    assert process.returncode != 0
    _, message, *_ = said.splitlines()  # the first is the command, as make shows it
    found = re.fullmatch(
        rf"Port {port} is taken\. Serve at another: make serve ADDRESS=127\.0\.0\.1:(\d+)", message
    )
    assert found, said
    socket.create_server(("127.0.0.1", int(found[1]))).close()
    assert "Building" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("address", ["8001", "127.0.0.1:http", ":8001"])
def test_what_is_no_address(address: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.commands.serve", address],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("ADDRESS is a host and a port")


class Served:
    """A site that `make serve` serves, and what it says."""

    def __init__(self, project: Path, port: int, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        self.project, self.address, self.said = project, f"http://127.0.0.1:{port}/", process.stdout
        self.wait_for("Serving on")

    def wait_for(self, message: str) -> str:
        """All that is said until *message* is."""
        said = ""
        for line in self.said:
            said += line
            if message in line:
                return said
        pytest.fail(f"never said: {message}\n{said}")

    def save(self, name: str, old: str, new: str) -> None:
        """Replace *old* in a file by *new*, at the end for none."""
        path = self.project / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else text + new, "utf-8")

    def page(self, address: str) -> str:
        """A page as it is when what goes on being built is done."""
        with urlopen(self.address + address, timeout=SECONDS) as answer:
            return str(answer.read().decode())


def test_a_save_is_served(project: Path, temporary: Path, port: int) -> None:
    shutil.copy(ROOT / "Makefile", project)
    with make_serve(project, port, temporary) as process:
        site = Served(project, port, process)
        for language in LANGUAGES:
            folder = language.folder
            site.save(
                f"docs/{language.code}/processes/leaving.md", "", "\nA sentence, just saved.\n"
            )
            said = site.wait_for("Reloading browsers")
            assert "Building" not in said, "more than a page was built"
            assert "A sentence, just saved." in site.page(f"{folder}processes/leaving/")
            texts = site.page(f"{folder}search/texts/processes/leaving.json")
            assert texts.count("A sentence, just saved.") == 1
            index = site.page(f"{folder}search/index.json")
            assert index.count('"processes/leaving/"') == 1
            assert index.count('["sentenc",') == 1
            assert 'class="behind"' in site.page(f"{JAPANESE.folder}processes/leaving/")

        site.save("docs/en/processes/leaving.md", "just saved", "[lost](nowhere.md)")
        assert "nowhere.md" in site.wait_for("No page is served until")
        site.save("docs/ja/processes/who-waits.md", "", "\n[lost](leaving.md#nowhere)\n")
        said = site.wait_for("No page is served until")
        assert "nowhere.md" in said, "told but once"
        assert "WARNING -  [ja] Doc file 'processes/who-waits.md'" in said
        site.save("docs/ja/processes/who-waits.md", "#nowhere", "")
        site.wait_for("No page is served until")
        site.save("docs/en/processes/leaving.md", "[lost](nowhere.md)", "found")
        site.wait_for("Reloading browsers")
        assert "A sentence, found." in site.page("processes/leaving/")

        site.save("docs/ja/processes/leaving.md", "title: ", "title: あたらしい")
        site.wait_for("Reloading browsers")
        assert "あたらしい" in site.page(f"{JAPANESE.folder}processes/who-waits/"), (
            "in the navigation"
        )
        site.save("examples/processes/ways_to_leave.py", "", "# A line of an example.\n")
        site.wait_for("Reloading browsers")
        for folder in (language.folder for language in LANGUAGES):
            assert "A line of an example." in site.page(f"{folder}processes/leaving/")
        for source, bundle in (
            ("stylesheets/prose.css", r"assets/styles\.\w+\.css"),
            ("scripts/site.js", r"assets/scripts\.\w+\.js"),
        ):
            old_names = re.findall(bundle, site.page("processes/leaving/"))
            site.save(f"docs/assets/{source}", "", "/* A line, just saved. */\n")
            site.wait_for("Reloading browsers")
            for folder in (language.folder for language in LANGUAGES):
                (name,) = re.findall(bundle, site.page(f"{folder}processes/leaving/"))
                assert name not in old_names, "a browser would show what it has kept"
                assert "/* A line, just saved. */" in site.page(name)
        process.terminate()
        process.communicate(timeout=SECONDS)


@pytest.mark.parametrize("moment", ["Building documentation", "Converting notebook", "Serving on"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda n: n.name)
def test_it_leaves_nothing_behind(
    project: Path, temporary: Path, port: int, number: signal.Signals, moment: str
) -> None:
    """SIGTERM is sent to make alone, as `kill` does; SIGINT to all, as a terminal does."""
    shutil.copy(ROOT / "Makefile", project)
    if moment == "Converting notebook":
        (project / ".cache").unlink()  # cells have to be run
    with make_serve(project, port, temporary) as process:
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if moment in line:
                break
        else:
            pytest.fail("".join(said))
        if moment == "Serving on":
            for language in LANGUAGES:
                with urlopen(
                    f"http://127.0.0.1:{port}/{language.folder}", timeout=SECONDS
                ) as answer:
                    assert answer.status == 200
        assert processes_of(temporary)
        if number is signal.SIGTERM:
            process.terminate()
        else:
            os.killpg(process.pid, number)
        said.append(process.communicate(timeout=SECONDS)[0])
        deadline = time.monotonic() + SECONDS
        while left := processes_of(temporary):
            assert time.monotonic() < deadline, left
            time.sleep(0.05)
    assert list(temporary.iterdir()) == []
    if moment == "Converting notebook":
        assert [path.name for path in (project / ".cache").rglob("*") if path.is_dir()] == [
            "notebooks"
        ]
    socket.create_server(("127.0.0.1", port)).close()
    assert "Traceback" not in "".join(said)
    assert "never retrieved" not in "".join(said)
