"""Pictures for readers: upright, in the colours of screens, without what cameras note, in several widths.

Only this module, `newsfeed.render.cards` and `newsfeed.sources.picture_files` know Pillow.
"""

from __future__ import annotations

import io
import posixpath
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageCms, ImageOps
from PIL.ExifTags import Base

from newsfeed.core.content.picture_structure import NOTES_OF_PNG, png_chunks
from newsfeed.errors import ProblemsFound
from newsfeed.problems import Location, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUALITY, _CLEAN_QUALITY = 80, 92
"""Of the widths for pages, and of a picture that had to be turned."""
_EFFORT = 4
_GAP = 3
"""A picture that is more than so much larger is first made smaller by whole pixels, which nobody sees."""
_SIDEWAYS = 5
"""From this way of holding a camera on, what it calls width is height (Exif 2.3)."""
_NOTES_OF_JPEG = frozenset({0xE1, 0xED, 0xFE})
"""Exif and XMP, IPTC, comments."""
_START_OF_SCAN = 0xDA
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"


def strip_notes(path: str, data: bytes) -> bytes:
    """Return a JPEG or PNG without place, date and owner's name; its pixels stay as they are."""
    if data.startswith(_PNG):
        return b"".join(_png_without_notes(data))
    if data.startswith(_JPEG):
        return b"".join(_jpeg_without_notes(data))
    return redraw_picture(path, data)


def redraw_picture(path: str, data: bytes) -> bytes:
    """Return a picture upright and in sRGB, written anew with nothing but its pixels. Raises `ProblemsFound`
    when it cannot be read.
    """
    with _opened(path, data) as image:
        return _saved(path, image)


def decode_picture(path: str, data: bytes, width: int) -> Image.Image:
    """Return a picture upright, in sRGB, and hardly wider than this. Raises `ProblemsFound` when it cannot be
    read.
    """
    try:
        with _opened(path, data) as image:
            smaller = _upright_width(image) // (width * 3 // 2)
            if smaller > 1:  # a JPEG is decoded smaller, which is quicker
                image.draft("RGB", (image.width // smaller, image.height // smaller))
            return _upright_in_srgb(image)
    except Exception as error:  # on damaged bytes, Pillow's readers fail in all ways there are
        raise _unreadable(path) from error


def _upright_width(image: Image.Image) -> int:
    return image.height if image.getexif().get(Base.Orientation, 1) >= _SIDEWAYS else image.width


def encode_picture(image: Image.Image, width: int, form: str) -> bytes:
    """Return a decoded picture in a width, as ``webp``, ``jpg`` or ``png``."""
    height = max(1, round(image.height * width / image.width))
    small = image
    if width != image.width:
        small = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=_GAP)
    file = io.BytesIO()
    if form == "webp":
        small.save(file, "WEBP", quality=_QUALITY, method=_EFFORT)
    elif form == "png":
        drawn = small if small.mode == "RGBA" else small.quantize(256, dither=Image.Dither.NONE)
        drawn.save(file, "PNG", optimize=True)
    else:
        small.convert("RGB").save(file, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return file.getvalue()


def _opened(path: str, data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data))
    except Exception as error:  # as above
        raise _unreadable(path) from error


def _unreadable(path: str) -> ProblemsFound:
    return ProblemsFound([problem("picture-unreadable", Location(path), name=posixpath.basename(path))])


def _upright_in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    turned = _in_8_bits(ImageOps.exif_transpose(image))
    has_alpha = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
    mode = "RGBA" if has_alpha else "RGB"
    if profile and turned.mode in ("RGB", "RGBA", "CMYK"):
        turned = _with_profile_applied(turned, profile, mode)
    return turned if turned.mode == mode else turned.convert(mode)


def _in_8_bits(image: Image.Image) -> Image.Image:
    """Return a grey picture of 16 bits with 8; Pillow would make white of all that is not very dark."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def _with_profile_applied(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    try:
        found = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(found):
            return image
        changed = ImageCms.profileToProfile(image, found, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):  # a broken profile: browsers go without it, too
        return image
    return changed or image


def _saved(path: str, image: Image.Image) -> bytes:
    """Write a picture anew in its own format, with nothing but its pixels."""
    kind, file = image.format or "PNG", io.BytesIO()
    options: dict[str, Any] = {} if kind == "PNG" else {"quality": _CLEAN_QUALITY}
    try:
        pixels = _upright_in_srgb(image)
        pixels.info.clear()
        pixels.save(file, kind, **options)
    except Exception as error:  # as above
        raise _unreadable(path) from error
    return file.getvalue()


def _jpeg_without_notes(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != _START_OF_SCAN:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] not in _NOTES_OF_JPEG:
            yield data[at:end]
        at = end
    yield data[at:]


def _png_without_notes(data: bytes) -> Iterator[bytes]:
    yield _PNG
    for kind, chunk in png_chunks(data):
        if kind not in NOTES_OF_PNG:
            yield chunk
