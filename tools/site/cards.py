"""The picture that goes with a page where its address is shared: its title, drawn at build.

Pillow draws it with fonts that packages bring, so it is the same on every machine. What is drawn is
kept in .cache/cards, under the digest of all that it depends on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page
from PIL import Image, ImageDraw, ImageFont

from tools import pages
from tools.pages import ROOT
from tools.site.languages import language_of, root_url

SIZE = (1200, 630)  # pixels: what Open Graph and Twitter show whole
FOLDER = "assets/cards/"  # of the site

_CACHE = ROOT / ".cache/cards"
_FONTS = {
    "en": ("matplotlib", "mpl-data/fonts/ttf/DejaVuSans-Bold.ttf"),
    "ja": ("matplotlib_fontja", "fonts/ipaexg.ttf"),
}
_PAPER, _INK, _ACCENT = "#fdfcf9", "#23272b", "#0f6a5b"  # as in tokens.css
_LEFT, _TOP, _WIDTH = 90, 90, 1020
_TITLE, _NAME = 68, 34  # sizes of letters, at most
_LINES = 4
_CLOSING = "、。）」：・ー"  # begin no line


def files(config: MkDocsConfig) -> Iterator[File]:
    """A card for each page of the language that is built."""
    language = language_of(config).code
    for page in pages.find_pages(language):
        title = str(page.front_matter.get("title", ""))
        content = _drawn(title, str(config.site_name), language)
        yield File.generated(config, _name(page.name), content=content)


def url(page: Page, config: MkDocsConfig) -> str:
    """The absolute address of the card of *page*."""
    return root_url(config) + language_of(config).folder + _name(page.file.src_uri)


def _name(page: str) -> str:
    return f"{FOLDER}{page.rpartition('.')[0]}.png"


def _drawn(title: str, name: str, language: str) -> bytes:
    key = sha256(repr((title, name, language)).encode() + Path(__file__).read_bytes())
    kept = _CACHE / f"{key.hexdigest()[:24]}.png"
    if not kept.exists():
        _CACHE.mkdir(parents=True, exist_ok=True)
        writing = kept.with_suffix(".new")
        writing.write_bytes(draw(title, name, language))
        writing.replace(kept)
    return kept.read_bytes()


def draw(title: str, name: str, language: str) -> bytes:
    """A PNG of SIZE: the title in at most four lines, and below it the name of the site."""
    image = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(image)
    font, lines = _fitting(title, language)
    pen.multiline_text((_LEFT, _TOP), "\n".join(lines), _INK, font, spacing=font.size * 0.45)
    pen.text((_LEFT + 90, SIZE[1] - 116), name, _INK, _font(language, _NAME))
    _draw_mark(pen)
    written = BytesIO()
    image.quantize(16, Image.Quantize.FASTOCTREE).save(written, "png")
    return written.getvalue()


def _fitting(title: str, language: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest letters in which *title* fits, and its lines: a colon ends one."""
    parts = re.split(r"(?<=：)|(?<=: )", title)
    for size in range(_TITLE, 20, -4):
        font = _font(language, size)
        lines = [line for part in parts for line in _balanced(part, font)]
        if len(lines) <= _LINES:
            return font, lines
    raise ValueError(f"too long for a card: {title}")


def _balanced(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """As few lines as fit, of about one length."""
    lines = list(_wrapped(text, font, _WIDTH))
    for width in range(_WIDTH, _WIDTH // 2, -30):
        narrower = list(_wrapped(text, font, width))
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _wrapped(title: str, font: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    line = ""
    for piece in _pieces(title):
        if line and font.getlength(line + piece.rstrip()) > width and piece not in _CLOSING:
            yield line.strip()
            line = ""
        line += piece
    yield line.strip()


def _pieces(title: str) -> Iterator[str]:
    """Where a line may end: after each word, and each Japanese letter."""
    word = ""
    for letter in title:
        if ord(letter) < 0x3000:
            word += letter
        if word and (letter == " " or ord(letter) >= 0x3000):
            yield word
            word = ""
        if ord(letter) >= 0x3000:
            yield letter
    if word:
        yield word


def _draw_mark(pen: ImageDraw.ImageDraw) -> None:
    """One stem, two branches, as in docs/theme/partials/logo.html."""
    x, y = _LEFT + 30, SIZE[1] - 130
    pen.line([(x, y + 64), (x, y + 36)], _ACCENT, 7)
    pen.line([(x, y + 40), (x - 20, y + 20), (x - 20, y + 6)], _ACCENT, 7, "curve")
    pen.line([(x, y + 40), (x + 20, y + 24), (x + 20, y + 14)], _ACCENT, 7, "curve")
    pen.ellipse([x - 29, y - 9, x - 11, y + 9], _ACCENT)
    pen.ellipse([x + 11, y - 1, x + 29, y + 17], _PAPER, _ACCENT, 5)


def _font(language: str, size: int) -> ImageFont.FreeTypeFont:
    package, path = _FONTS[language]
    spec = find_spec(package)  # not imported: that would take longer than the drawing
    assert spec
    assert spec.submodule_search_locations
    return ImageFont.truetype(str(Path(spec.submodule_search_locations[0], path)), size)
