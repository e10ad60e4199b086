"""``python -m tools.commands.external_links SITE``: which links of a built site lead nowhere.

It asks for each address of another host that a page links to. An answer is good for a week, kept in
``.cache/external-links.json``. Hosts that turn programs away stand in known-good-links.toml, with
who looked and when; their refusals are told, but are no error.
"""

from __future__ import annotations

import json
import sys
import time
import tomllib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urldefrag, urlsplit
from urllib.request import Request, urlopen

from bs4 import BeautifulSoup

from tools.pages import ROOT

CACHE = ROOT / ".cache/external-links.json"
KNOWN_GOOD = ROOT / "tools/commands/known-good-links.toml"
WEEK = 7 * 24 * 3600.0
OWN = ("site.invalid", "site.example", "127.0.0.1", "localhost")
ATTEMPTS, PAUSE, TIMEOUT = 3, 5.0, 30.0
HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; After-fork-link-check)", "Accept": "*/*"}


@dataclass(frozen=True)
class Refusal:
    """A link that did not lead to a page, and why."""

    address: str
    why: str

    def __str__(self) -> str:
        return f"{self.address}: {self.why}"


def main(arguments: list[str]) -> int:
    """Print what is broken; 1 when anything is."""
    (folder,) = arguments
    known_good = [entry["prefix"] for entry in tomllib.loads(KNOWN_GOOD.read_text())["site"]]
    cache = json.loads(CACHE.read_text()) if CACHE.exists() else {}
    links = links_of(Path(folder))
    refusals = check(links, cache)
    CACHE.parent.mkdir(exist_ok=True)
    CACHE.write_text(json.dumps(cache, indent=1, sort_keys=True))
    excused = [one for one in refusals if one.address.startswith(tuple(known_good))]
    broken = [one for one in refusals if one not in excused]
    unused = [one for one in known_good if not any(link.startswith(one) for link in links)]
    _say("known to be good for people:", excused)
    _say("no link begins so any more, remove it from known-good-links.toml:", unused)
    _say("broken:", broken)
    print(f"{len(links)} links, {len(broken)} broken.")
    return 1 if broken or unused else 0


def links_of(site: Path) -> set[str]:
    """Every address of another host, without its fragment."""
    found = set()
    for path in site.rglob("*.html"):
        for link in BeautifulSoup(path.read_text("utf-8"), "html.parser").select('a[href^="http"]'):
            address = urldefrag(str(link["href"])).url
            is_edit = "edit" in (link.get("rel") or ())  # asks to log in
            if urlsplit(address).hostname not in OWN and not is_edit:
                found.add(address)
    return found


def check(links: Iterable[str], cache: dict[str, float]) -> list[Refusal]:
    """Ask for what *cache*, the time of the last good answer by address, does not have fresh."""
    now = time.time()
    due = sorted(link for link in links if now - cache.get(link, 0) > WEEK)
    with ThreadPoolExecutor(8) as pool:
        answers: Mapping[str, str | None] = dict(zip(due, pool.map(refusal_of, due), strict=True))
    cache.update({link: now for link, why in answers.items() if why is None})
    return [Refusal(link, why) for link, why in answers.items() if why is not None]


def refusal_of(address: str) -> str | None:
    """Why there is no page at *address*, after a few attempts; None when there is one."""
    why = ""
    for attempt in range(ATTEMPTS):
        time.sleep(PAUSE * attempt)
        try:
            with urlopen(Request(address, headers=HEADERS), timeout=TIMEOUT):
                return None
        except HTTPError as error:
            why = f"{error.code} {error.reason}"
            if error.code not in (408, 429) and error.code < 500:
                break
        except (OSError, HTTPException) as error:
            why = f"{type(error).__name__}: {error}"
    return why


def _say(heading: str, things: list[Refusal] | list[str]) -> None:
    if things:
        print(heading, *things, sep="\n  ")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
