"""The built site, which many tests look at and none changes."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

from tools.pages import ROOT
from tools.site.build import BUILT_SITE, Built, build


def built_once(shared: Path) -> Built:
    """The site below *shared*, a folder of all workers, of which the first to ask builds it."""
    if BUILT_SITE:
        return Built(ROOT / BUILT_SITE, "", 0)
    site, said = shared / "site", shared / "site.json"
    with (shared / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # closing it lets the next one in
        if not said.exists():
            built = build(ROOT, site)
            said.write_text(json.dumps({"log": built.log, "status": built.status}))
    return Built(site, **json.loads(said.read_text()))
