"""``python -m tools.diagrams.draw FOLDER`` writes every drawing, to be looked at."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from tools.diagrams import descriptor_table, memory_pages, timeline
from tools.diagrams.data import BadData
from tools.pages import DOCS

DATA = DOCS / "assets/diagrams"
KINDS = {
    "descriptor table": descriptor_table.draw,
    "memory pages": memory_pages.draw,
    "timeline": timeline.draw,
}


def draw_all() -> dict[str, str]:
    """Every drawing: ``{"<name>.<language>.svg": "<svg …>…</svg>"}``.

    Raises ValueError, naming file and key, for a data file that cannot be drawn.
    """
    return {
        f"{path.stem}.{language}.svg": svg
        for path in sorted(DATA.glob("*.toml"))
        for language, svg in _draw_file(path).items()
    }


def _draw_file(path: Path) -> dict[str, str]:
    written = path.read_text("utf-8")
    try:
        data = tomllib.loads(written)
        if (kind := data.get("kind")) not in KINDS:
            raise ValueError(f"kind: {kind!r} is none of {', '.join(KINDS)}")
        return KINDS[kind](data)
    except BadData as error:
        raise ValueError(f"{path}:{error.line_in(written)}: {error}") from None
    except (ValueError, OSError) as error:  # TOMLDecodeError is a ValueError
        raise ValueError(f"{path}: {error}") from None


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tools.diagrams.draw FOLDER")
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, svg in draw_all().items():
        (folder / name).write_text(svg, "utf-8")
        print(folder / name)
