"""Look into picture files: how large they are when upright, and whether they tell more than they show."""

from __future__ import annotations

import hashlib
import io
import warnings
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from PIL import Image, __version__
from PIL.ExifTags import Base

from newsfeed.core.content.picture_structure import NOTES_OF_PNG, png_chunks, seems_cut_off

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.model import Asset

_SIDEWAYS = 5
"""From this way of holding a camera on, what it calls width is height."""
_NOTES = ("exif", "xmp", "comment", "photoshop", "mp")
_RECIPE = "3"
"""Another one where the same picture is to become other bytes."""
_DIGITS = 12
_MOST_PIXELS = 80_000_000
"""The most that a site can allow; more are never decoded."""
_TRANSPARENT = ("RGBA", "LA", "PA")
_PRINT = "CMYK"


def look_into(asset: Asset, data: bytes) -> Asset:
    """Return a picture as readers get it; one that moves is published as it is."""
    try:
        with _opened(data) as image:
            width, height = image.size
            if seems_cut_off(data) and not _can_be_decoded(image):
                return replace(asset, damage="cut-off")
            if getattr(image, "is_animated", False) and image.format != "MPO":
                return replace(asset, width=width, height=height)
            notes = _png_notes(data) if image.format == "PNG" else image.getexif()
            turned = notes.get(Base.Orientation, 1)
            redrawn = turned != 1 or image.mode == _PRINT or _holds_more_pictures(image)
            noted = any(image.info.get(name) for name in _NOTES) or (
                image.format == "PNG" and _has_png_notes(data)
            )
            ending = _plain_ending(image)
    except Exception:  # noqa: BLE001 - on damaged bytes, Pillow's readers fail in all ways there are
        return replace(asset, damage="cut-off" if seems_cut_off(data) else "unreadable")
    if turned >= _SIDEWAYS:
        width, height = height, width
    return replace(
        asset,
        width=width,
        height=height,
        digest=hashlib.sha256(f"{_RECIPE} {__version__} ".encode() + data).hexdigest()[:_DIGITS],
        is_marked=noted or redrawn,
        is_redrawn=redrawn,
        plain_ending=ending,
    )


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """Open a picture, which reads its head only. How many pixels are too many, the site says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of bombs, and of damaged notes
        with Image.open(io.BytesIO(data)) as image:
            yield image


def _can_be_decoded(image: Image.Image) -> bool:
    """Return whether all of a picture is there: some programs leave out the mark of the end."""
    if image.width * image.height > _MOST_PIXELS:
        return False
    try:
        image.load()
    except Exception:  # noqa: BLE001 - as above
        return False
    return True


def _holds_more_pictures(image: Image.Image) -> bool:
    """Return whether a camera put a second picture behind the first, with notes of its own."""
    return "mp" in image.info or image.format == "MPO"


def _plain_ending(image: Image.Image) -> str:
    """Return the ending of the form that every program shows: few colours, and none, are lost in a JPEG."""
    is_drawn = image.format != "JPEG" and image.mode in ("1", "P")
    return "png" if is_drawn or image.mode in _TRANSPARENT or "transparency" in image.info else "jpg"


def _has_png_notes(data: bytes) -> bool:
    return any(kind in NOTES_OF_PNG for kind, _ in png_chunks(data))


def _png_notes(data: bytes) -> Image.Exif:
    """Return what a camera noted in a PNG: to ask Pillow would decode it."""
    notes = Image.Exif()
    for kind, chunk in png_chunks(data):
        if kind == b"eXIf":
            notes.load(b"Exif\0\0" + chunk[8:-4])
    return notes
