"""A social card as a PNG: the title of a story, the site's name and colour, in the script's direction."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw, ImageFont, __version__, features

from newsfeed.core.site.cards import HEIGHT, WIDTH

if TYPE_CHECKING:
    from newsfeed.core.site.cards import SocialCard

VERSION = f"2 {__version__}"
"""Another one where the same card is to become other bytes."""
_PAPER, _INK, _QUIET = "#fcfcfa", "#1b2322", "#53605d"
_MARGIN, _BAND = 84, 18
_TITLE_SIZES = (92, 82, 74, 66, 58, 50, 44)
_NAME_SIZE, _HOST_SIZE = 36, 28
_MOST_LINES = 5
_LINE = 1.16
"""Height of a line, in sizes of the font."""
_TOP, _BOTTOM = 176, 520
"""Between which the title stands."""
_COLOURS = 32


def draw_card(card: SocialCard, font: bytes) -> bytes:
    """Return a card. ``font``: a TrueType or OpenType file."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = _Pen(image, card, font)
    pen.draw.rectangle((0, 0, WIDTH, _BAND), fill=card.colour)
    pen.write(card.site, _NAME_SIZE, 72, card.colour)
    size, lines = pen.fit(card.title)
    block = round(len(lines) * size * _LINE)
    top = _TOP + (_BOTTOM - _TOP - block) // 2
    for number, line in enumerate(lines):
        pen.write(line, size, top + round(number * size * _LINE), _INK)
    pen.write(card.host, _HOST_SIZE, HEIGHT - 84, _QUIET)
    file = io.BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


class _Pen:
    """Writes on a card from the side at which its language begins."""

    def __init__(self, image: Image.Image, card: SocialCard, font: bytes) -> None:
        self.draw = ImageDraw.Draw(image)
        self._font = font
        self._fonts: dict[int, ImageFont.FreeTypeFont] = {}
        self._is_rtl = card.direction == "rtl"
        # Without Raqm, Pillow shapes no letters and refuses to be told a direction.
        self._script: dict[str, Any] = (
            {"direction": card.direction, "language": card.lang} if features.check("raqm") else {}
        )

    def write(self, text: str, size: int, top: int, colour: str) -> None:
        """Write one line."""
        x, anchor = (WIDTH - _MARGIN, "ra") if self._is_rtl else (_MARGIN, "la")
        self.draw.text((x, top), text, colour, self._sized(size), anchor, **self._script)

    def fit(self, title: str) -> tuple[int, list[str]]:
        """Return the largest size in which a title fits, and its lines; one that is too long is cut."""
        for size in _TITLE_SIZES:
            lines = self._lines(title, size, WIDTH - 2 * _MARGIN)
            if len(lines) <= _MOST_LINES and len(lines) * size * _LINE <= _BOTTOM - _TOP:
                return size, self._balanced(title, size, len(lines))
        return size, [*lines[: _MOST_LINES - 1], self._cut(lines[_MOST_LINES - 1], size)]

    def _cut(self, line: str, size: int) -> str:
        while line and self._width(f"{line}…", size) > WIDTH - 2 * _MARGIN:
            line = line[:-1]
        return line.rstrip(" .,;:–-") + "…"

    def _balanced(self, title: str, size: int, count: int) -> list[str]:
        """Return as many lines, the longest of them as short as it can be."""
        high = WIDTH - 2 * _MARGIN
        low = min(high, math.ceil(max(self._width(word, size) for word in title.split(" "))))
        while low < high:
            middle = (low + high) // 2
            if len(self._lines(title, size, middle)) <= count:
                high = middle
            else:
                low = middle + 1
        return self._lines(title, size, high)

    def _lines(self, title: str, size: int, width: int) -> list[str]:
        """Break a title at its blanks; words that are too long, and scripts without blanks, anywhere."""
        lines: list[str] = []
        for word in title.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if lines and self._width(longer, size) <= width:
                lines[-1] = longer
                continue
            lines.append("")
            for sign in word if self._width(word, size) > width else (word,):
                if lines[-1] and self._width(lines[-1] + sign, size) > width:
                    lines.append("")
                lines[-1] += sign
        return lines

    def _width(self, text: str, size: int) -> float:
        return self.draw.textlength(text, self._sized(size), **self._script)

    def _sized(self, size: int) -> ImageFont.FreeTypeFont:
        if size not in self._fonts:
            self._fonts[size] = ImageFont.truetype(io.BytesIO(self._font), size)
        return self._fonts[size]
