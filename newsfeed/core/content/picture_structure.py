"""Read how a picture file is put together without decoding it: its chunks, and whether its end is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PNG, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND"
NOTES_OF_PNG = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
"""Chunks that say something else than what is to be seen."""
_JPEG, _JPEG_END = b"\xff\xd8", b"\xff\xd9"
_SCAN = 0xDA
_ALONE = frozenset({0x01, 0xFF, *range(0xD0, 0xD8)})
"""Marks of JPEG without a length: fillers and restarts."""


def seems_cut_off(data: bytes) -> bool:
    """Return whether the end of a JPEG, PNG, WebP or AVIF seems to be missing; no for all other files."""
    if data.startswith(_PNG):
        return not _has_png_end(data)
    if data.startswith(_JPEG):
        return not _has_jpeg_end(data)
    if data.startswith(b"RIFF"):
        return len(data) < 8 + int.from_bytes(data[4:8], "little")
    if data[4:8] == b"ftyp":
        return _is_box_cut_off(data)
    return False


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the type of each chunk of a PNG that is whole, and the chunk itself (PNG, 5.3)."""
    at = len(_PNG)
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data):
            return
        yield data[at + 4 : at + 8], data[at:end]
        at = end


def _has_png_end(data: bytes) -> bool:
    return any(kind == _PNG_END for kind, _ in png_chunks(data))


def _has_jpeg_end(data: bytes) -> bool:
    """Look for the mark of the end behind the head, which may hold a whole small picture."""
    at = len(_JPEG)
    while at + 4 <= len(data) and data[at] == 0xFF:
        if data[at + 1] in _ALONE:
            at += 1 if data[at + 1] == 0xFF else 2
            continue
        is_scan = data[at + 1] == _SCAN
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if is_scan:  # in what follows, 0xFF is written as 0xFF 0x00
            return data.find(_JPEG_END, at) >= 0
    return False


def _is_box_cut_off(data: bytes) -> bool:
    """Go from box to box (ISO/IEC 14496-12, 4.2); one of length 0 goes on to the end. The picture itself is
    in one of them (``mdat``), or within another (``idat``): a file can be cut off between two boxes.
    """
    at, has_picture = 0, b"idat" in data
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        if length == 0:
            return False
        if length < 8:
            return True
        has_picture = has_picture or data[at + 4 : at + 8] == b"mdat"
        at += length
    return at != len(data) or not has_picture
