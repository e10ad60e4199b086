"""`make bench` measures a site that has grown: it is built strictly, served, and can be edited."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.commands import bench
from tools.pages import JAPANESE, find_pages


@pytest.mark.usefixtures("site")
def test_a_grown_site_is_served_and_edited(tmp_path: Path) -> None:
    project = bench.copy(tmp_path / "project", len(find_pages(JAPANESE.code)) + 1)
    (added,) = project.glob(f"docs/{JAPANESE.code}/*/*-0.md")
    with bench.served(project, sys.executable, "-m", "tools.commands.serve") as address:
        bench.until_served(f"{address}{JAPANESE.folder}{added.parent.name}/{added.stem}/", "<h1")
        assert 0 < bench.edit(project, address, JAPANESE) < bench.PATIENCE


def test_a_part_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["build"]) == 1
    assert "build is no part. The parts are: runner, builds" in capsys.readouterr().out
