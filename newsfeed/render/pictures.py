"""Pictures for readers: upright, in the colours of screens, without what cameras note, in several widths.

Only this module and `newsfeed.sources.picture_files` know Pillow.
"""

from __future__ import annotations

import io
import posixpath
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageCms, ImageOps

from newsfeed.errors import ProblemsFound
from newsfeed.problems import Location, problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUALITY, _CLEAN_QUALITY = 80, 92
"""Of the widths for pages, and of a picture that had to be turned."""
_EFFORT = 4
_TURNED = 0x0112
"""Number of the note in which a camera says how it was held (Exif 2.3)."""
_NOTES_OF_PNG = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
_NOTES_OF_JPEG = frozenset({0xE1, 0xED, 0xFE})
"""Exif and XMP, IPTC, comments."""
_START_OF_SCAN = 0xDA
_PNG = b"\x89PNG\r\n\x1a\n"


def clean_picture(path: str, data: bytes) -> bytes:
    """Return a picture without place, date and owner's name; upright. Its pixels stay as they are where
    nothing has to be turned. Raises `ProblemsFound` when it cannot be read.
    """
    with _opened(path, data) as image:
        if image.getexif().get(_TURNED, 1) == 1 and not _holds_more_pictures(image):
            if image.format == "JPEG":
                return b"".join(_jpeg_without_notes(data))
            if image.format == "PNG":
                return b"".join(_png_without_notes(data))
        return _saved(path, image)


def decode_picture(path: str, data: bytes, width: int) -> Image.Image:
    """Return a picture upright, in sRGB, and hardly wider than this. Raises `ProblemsFound` when it cannot be
    read.
    """
    try:
        with _opened(path, data) as image:
            image.draft("RGB", (width * 2, width * 2))  # a JPEG is decoded smaller, which is quicker
            return _upright_in_srgb(image)
    except (OSError, ValueError, SyntaxError) as error:
        raise _unreadable(path) from error


def write_webp(image: Image.Image, width: int) -> bytes:
    """Return a picture in a width, as WebP."""
    height = max(1, round(image.height * width / image.width))
    small = image.resize((width, height), Image.Resampling.LANCZOS) if width != image.width else image
    file = io.BytesIO()
    small.save(file, "WEBP", quality=_QUALITY, method=_EFFORT)
    return file.getvalue()


def _opened(path: str, data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _unreadable(path) from error


def _unreadable(path: str) -> ProblemsFound:
    return ProblemsFound([problem("picture-unreadable", Location(path), name=posixpath.basename(path))])


def _upright_in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    turned = ImageOps.exif_transpose(image)
    has_alpha = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
    mode = "RGBA" if has_alpha else "RGB"
    if profile and turned.mode in ("RGB", "RGBA", "CMYK"):
        turned = _with_profile_applied(turned, profile, mode)
    return turned if turned.mode == mode else turned.convert(mode)


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
    except (OSError, ValueError, SyntaxError) as error:
        raise _unreadable(path) from error
    return file.getvalue()


def _holds_more_pictures(image: Image.Image) -> bool:
    """Return whether a camera put a second picture behind the first, with notes of its own."""
    return "mp" in image.info or image.format == "MPO"


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
    at = len(_PNG)
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] not in _NOTES_OF_PNG:
            yield data[at:end]
        at = end
