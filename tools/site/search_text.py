"""What a page says, section by section, taken from its HTML."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

LEFT_OUT = 'data-search-exclude="1"'  # an attribute of what no reader looks for

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = (
    *_HEADINGS,
    *("p", "li", "pre", "td", "th", "dt", "dd", "summary", "figcaption", "div", "br", "text"),
)
_NO_TEXT = ("script", "style", "button")
_VOID = ("area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr")


@dataclass
class Section:
    """A heading and what stands below it, up to the next heading."""

    id: str  # "" for what stands above the first heading that has one
    heading: str
    text: str  # each block on a line of its own


def sections_of(html: str) -> list[Section]:
    """The sections of *html*; the first is that of the title."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return [
        Section(section.id, _on_one_line(section.heading), _trimmed(section.text))
        for section in reader.sections
    ]


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _trimmed(text: str) -> str:
    return "\n".join(line for line in map(_on_one_line, text.splitlines()) if line)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sections = [Section("", "", "")]
        self.in_heading = False
        self.left_out = 0  # how deep inside an element that has no text for us

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self.left_out or _says_nothing(tag, given):
            self.left_out += tag not in _VOID
            return
        if tag in _HEADINGS and given.get("id"):
            self.in_heading = True
            first = len(self.sections) == 1 and not self.sections[0].heading
            if first:
                self.sections[0].text = ""
            if not first or tag != "h1":
                self.sections.append(Section(given["id"] or "", "", ""))
        elif tag in _BLOCKS:
            self.sections[-1].text += "\n"

    def handle_endtag(self, tag: str) -> None:
        if self.left_out:
            self.left_out -= tag not in _VOID
        elif tag in _HEADINGS:
            self.in_heading = False
        elif tag in _BLOCKS:
            self.sections[-1].text += "\n"

    def handle_data(self, data: str) -> None:
        if self.left_out:
            return
        section = self.sections[-1]
        if self.in_heading:
            section.heading += data
        else:
            section.text += data


def _says_nothing(tag: str, given: dict[str, str | None]) -> bool:
    classes = (given.get("class") or "").split()
    return tag in _NO_TEXT or "headerlink" in classes or LEFT_OUT.split("=")[0] in given
