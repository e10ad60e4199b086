"""The check of links to other sites, against a site of our own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tools.commands import external_links


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(external_links, "PAUSE", 0.01)
    return []


@pytest.fixture
def web(asked: list[str]) -> Iterator[str]:
    """A host: /there, /gone, and /later, which answers at the third time."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            late = self.path == "/later" and asked.count("/later") < 3
            self.send_response(404 if self.path == "/gone" else 503 if late else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_is_gone_is_told_and_what_comes_late_is_not(web: str, asked: list[str]) -> None:
    cache: dict[str, float] = {}
    links = [f"{web}/{name}" for name in ("there", "gone", "later")]
    assert [str(one) for one in external_links.check(links, cache)] == [
        f"{web}/gone: 404 Not Found"
    ]
    assert set(cache) == {f"{web}/there", f"{web}/later"}
    assert asked.count("/gone") == 1


def test_a_good_answer_is_not_asked_for_again_within_a_week(web: str, asked: list[str]) -> None:
    day = 24 * 3600
    cache = {f"{web}/there": time.time() - 6 * day, f"{web}/gone": time.time() - 8 * day}
    assert len(external_links.check(cache, cache)) == 1
    assert asked == ["/gone"]


def test_a_server_that_is_gone_is_told(asked: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]
    (refusal,) = external_links.check([f"http://127.0.0.1:{port}/"], {})
    assert "refused" in refusal.why


def test_every_link_of_a_page_counts_once_but_for_our_own(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text(
        '<a href="https://a.example/x#one"></a><a href="https://a.example/x#two"></a>'
        '<a href="https://site.example/after-fork/"></a><a href="../there/"></a>'
        '<a rel="edit noopener" href="https://code.example/edit/x.md"></a>'
    )
    assert external_links.links_of(tmp_path) == {"https://a.example/x"}


@pytest.mark.parametrize(("prefix", "status"), [("", 0), ("https://nowhere.example/", 1)])
def test_an_excuse_nobody_needs_is_an_error(
    prefix: str, status: int, web: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first prefix is that of a link that is gone: it is excused."""
    (tmp_path / "index.html").write_text(f'<a href="{web}/gone"></a>')
    excuses = tmp_path / "good.toml"
    excuses.write_text(
        f'[[site]]\nprefix = "{web}/gone"\n'
        + (f'[[site]]\nprefix = "{prefix}"\n' if prefix else "")
    )
    monkeypatch.setattr(external_links, "OWN", ())
    monkeypatch.setattr(external_links, "KNOWN_GOOD", excuses)
    monkeypatch.setattr(external_links, "CACHE", tmp_path / "cache.json")
    assert external_links.main([str(tmp_path)]) == status
