"""A built site on a port of its own, as a host serves it: with gzip, and kept for ten minutes."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".xml": "application/xml",
    ".py": "text/x-python; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
COMPRESSED = frozenset(TYPES)


class Sent(NamedTuple):
    """An answer: for which address, below the root of the site, and how many bytes of body."""

    address: str
    bytes: int


@contextmanager
def serve(folder: Path, built_for: str = "", sent: list[Sent] | None = None) -> Iterator[str]:
    """Yield the address of *folder*, ``http://127.0.0.1:<port>/…``, until the block is left.

    A site that was *built_for* another address is served below the same path. What is *sent* is
    put there.
    """
    root = urlsplit(built_for).path or "/"

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = unquote(urlsplit(self.path).path)
            path = folder / asked.removeprefix(root).lstrip("/")
            path = path / "index.html" if path.is_dir() else path
            if not path.is_file() or not asked.startswith(root):
                path, status = folder / "404.html", HTTPStatus.NOT_FOUND
            else:
                status = HTTPStatus.OK
            body, encoding = _read(path, "gzip" in self.headers.get("Accept-Encoding", ""))
            self.send_response(status)
            self.send_header("Content-Type", TYPES.get(path.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "max-age=600")  # as GitHub Pages says
            if encoding:
                self.send_header("Content-Encoding", encoding)
            self.end_headers()
            self.wfile.write(body)
            if sent is not None:
                sent.append(Sent(asked.removeprefix(root), len(body)))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{root}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@lru_cache(maxsize=64)
def _read(path: Path, may_compress: bool) -> tuple[bytes, str]:
    body = path.read_bytes()
    if may_compress and path.suffix in COMPRESSED:
        return gzip.compress(body, 6, mtime=0), "gzip"
    return body, ""
