"""What a drawn diagram says."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"


def words_of(svg: str) -> list[str]:
    """The texts of a drawing, in the order in which they were drawn."""
    return [text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]
