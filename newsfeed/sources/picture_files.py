"""Look into picture files: how large they are when upright, and whether they tell more than they show."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, __version__
from PIL.ExifTags import Base

if TYPE_CHECKING:
    from newsfeed.model import Asset

_MOST_PIXELS = 50_000_000
"""A picture of more is published as it is: to open it could take all memory."""
_SIDEWAYS = 5
"""From this way of holding a camera on, what it calls width is height."""
_NOTES = ("exif", "xmp", "comment", "photoshop", "mp")
_RECIPE = "1"
"""Another one where the same picture is to become other bytes."""
_DIGITS = 12


class PictureLook(NamedTuple):
    """A picture as readers get it."""

    width: int
    height: int
    digest: str
    """Of its bytes, and of what makes other sizes of it."""
    is_marked: bool
    """It notes where, when or by whom it was made, or stands on its side."""


def look_into(asset: Asset, data: bytes) -> PictureLook | None:
    """Return what is in a picture; ``None`` for one that is published as it is: too large to open, moving, or
    damaged.
    """
    if not 0 < asset.width * asset.height <= _MOST_PIXELS:
        return None
    try:
        with Image.open(io.BytesIO(data)) as image:
            if getattr(image, "is_animated", False) and image.format != "MPO":
                return None
            turned = image.getexif().get(Base.Orientation, 1)
            marked = turned != 1 or any(image.info.get(name) for name in _NOTES)
            marked = marked or image.format == "MPO" or (image.format == "PNG" and bool(_texts(image)))
            width, height = image.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    if turned >= _SIDEWAYS:
        width, height = height, width
    digest = hashlib.sha256(f"{_RECIPE} {__version__} ".encode() + data).hexdigest()[:_DIGITS]
    return PictureLook(width, height, digest, marked)


def _texts(image: Image.Image) -> object:
    """Return the notes of a PNG that stand before its pixels."""
    return getattr(image, "text", None) if image.info.keys() - {"dpi", "gamma", "icc_profile"} else None
