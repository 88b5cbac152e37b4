"""Make pictures in the sizes and forms that pages, feeds and mails show: each once, whoever shows it."""

from __future__ import annotations

import hashlib
import posixpath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from newsfeed.config.brand_files import read_usual_font
from newsfeed.core.bounded_cache import BoundedCache
from newsfeed.core.site.picture_sizes import list_widths
from newsfeed.problems import Location

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsfeed.build.cache.pictures import PictureCache
    from newsfeed.core.site.cards import SocialCard
    from newsfeed.model import Asset, CardFont

_DIGITS = 24


class PictureMaker:
    """Makes pictures, or takes them from those that were made before. Pillow is loaded with the first one."""

    def __init__(self, read: Callable[[str], bytes], cache: PictureCache | None) -> None:
        """``read``: path in the site → bytes of the file."""
        self._read = read
        self._cache = cache
        self._font: bytes | None = None
        self._decoded: BoundedCache[str, Any] = BoundedCache(1)
        """The sizes of a picture follow each other: it is opened once for all of them."""

    def clean(self, asset: Asset) -> bytes:
        """Return a picture without what cameras note; upright, in the colours of screens."""
        from newsfeed.render.pictures import redraw_picture, strip_notes

        if not asset.is_redrawn:  # quicker than to look for what was made before
            return strip_notes(asset.path, self._read(asset.path))
        return self._made(
            f"{asset.digest}-redrawn", lambda: redraw_picture(asset.path, self._read(asset.path))
        )

    def sized(self, asset: Asset, width: int, form: str) -> bytes:
        """Return a picture in a width, as ``webp``, ``jpg`` or ``png``."""

        def make() -> bytes:
            from newsfeed.render.pictures import decode_picture, encode_picture

            widest = max([width, *list_widths(asset)])
            image = self._decoded.get_or_make(
                asset.digest, lambda: decode_picture(asset.path, self._read(asset.path), widest)
            )
            return encode_picture(image, width, form)

        return self._made(f"{asset.digest}-{width}.{form}", make)

    def card(self, card: SocialCard, font: CardFont) -> bytes:
        """Return a social card."""
        from newsfeed.render.cards import VERSION, draw_card

        name = hashlib.sha256(repr((VERSION, font.digest, *card)).encode()).hexdigest()[:_DIGITS]

        def make() -> bytes:
            if self._font is None:
                self._font = self._read(font.path) if font.path else read_usual_font()
            return draw_card(card, self._font)

        return self._made(f"card-{name}.png", make)

    def _made(self, name: str, make: Callable[[], bytes]) -> bytes:
        return make() if self._cache is None else self._cache.get_or_make(name, make)


def locate_name(text: str, data: bytes, asset: str) -> Location:
    """Return where a text names a file, by the file's own name; else the text as a whole.

    text: path of the text; asset: of the file.
    """
    name = posixpath.basename(asset)
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        for written in (name, quote(name)):
            if written in line:
                return Location(text, number, line.index(written) + 1)
    return Location(text)
