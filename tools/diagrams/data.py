"""What every data file has: keys of known types, and its words in each language."""

from __future__ import annotations

import re
from typing import Any

from tools.pages import CODES


class BadData(ValueError):
    """Raised with the words of the data file that are wrong, by which their line is found."""

    def __init__(self, message: str, words: str) -> None:
        super().__init__(message)
        self.words = words

    def line_in(self, written: str) -> int:
        """The last line of a data file that has the words as a row, or as a text or its end."""
        places = re.finditer(
            rf'(?:^|[;"`\s]){re.escape(self.words)}\s*(?:$|[;"`\\])', written, re.M
        )
        return written[: max((place.end() for place in places), default=0)].count("\n") + 1


def read_texts(data: dict[str, Any], needed: set[str], perhaps: set[str]) -> dict[str, Any]:
    """``{language: {key: text}}`` from the tables ``[text.en]`` and ``[text.ja]``.

    A key of *perhaps* that no language has a text for stands for itself. Raises ValueError for a
    text that is missing or that nothing needs.
    """
    texts = data.get("text", {})
    for language in CODES:
        if not isinstance(texts.get(language), dict):
            raise ValueError(f"text.{language}: no such table")
    known = {key for language in CODES for key in texts[language]}
    needed = needed | (perhaps & known)
    for language in CODES:
        if missing := needed - texts[language].keys():
            raise ValueError(f"text.{language}: no {min(missing)!r}")
    if unused := known - needed:
        raise ValueError(f"text: nothing is called {min(unused)!r}")
    return {language: {key: key for key in perhaps} | texts[language] for language in CODES}
