"""Tell a file's media type from its first bytes, and whether its name says another."""

from __future__ import annotations

import re

HEAD_BYTES = 1024
"""Bytes of a file that are enough to tell."""
LFS_POINTER = "application/vnd.git-lfs-pointer"
"""Stands for the few lines that Git LFS leaves where a file was not fetched."""
UNREADABLE = "unreadable"
"""Stands for what nobody may read."""
WEB_PAGE = "text/html"
UNKNOWN_TYPE = "application/octet-stream"
_LFS = b"version https://git-lfs.github.com/spec/"
_ZIP, _OLE, _PDF = "application/zip", "application/x-ole-storage", "application/pdf"
_XML, _SVG, _TEXT = "application/xml", "image/svg+xml", "text/plain"
_MP4, _OGG = "video/mp4", "application/ogg"

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (_LFS, LFS_POINTER),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"PK\x03\x04", _ZIP),
    (b"PK\x05\x06", _ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLE),
    (b"{\\rtf", "application/rtf"),
    (b"OggS", _OGG),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"heix": "image/heic"}
_PAGE = re.compile(rb"(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_DRAWING = re.compile(rb"<(?:!doctype )?svg\b", re.IGNORECASE)

_MAY_BE = {
    _ZIP: ("application/",),  # what office programs write, books, and much more
    _OLE: ("application/",),
    _XML: ("application/", "text/", _SVG),
    _SVG: ("application/xml", "text/"),
    WEB_PAGE: ("application/xhtml+xml", "text/"),
    _TEXT: ("text/", "application/"),
    _MP4: ("video/", "audio/"),
    _OGG: ("video/", "audio/"),
    "audio/mpeg": ("audio/", "video/"),
    "audio/wav": ("audio/",),
    "audio/flac": ("audio/",),
    "image/tiff": ("image/",),  # raw pictures of cameras look like it
    "application/rtf": ("application/msword", "text/"),
}
"""Type that bytes show → beginnings of types that a name may say all the same."""
_PACKED = ("application/vnd.openxmlformats-", "application/vnd.oasis.opendocument.")
"""Beginnings of types whose files are ZIP files inside, or, with a password, OLE."""
_SIGNED = (_PDF, _ZIP, "application/epub+zip", *_PACKED)
"""Beginnings of types whose files cannot be anything that is not known here."""


def sniff_media_type(head: bytes) -> str:
    """Return the media type that a file's first bytes show; empty when they show none."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], _MP4)
    if b"%PDF-" in head:
        return _PDF
    return _sniff_markup(head.removeprefix(b"\xef\xbb\xbf").lstrip())


def find_contradiction(named: str, head: bytes) -> str:
    """Return the type that a file's first bytes show, if it cannot be the one that its name says.

    ``named``: the media type of the name; the answer is empty when both fit.
    """
    found = sniff_media_type(head)
    if found == LFS_POINTER:
        return found
    if not head or named in ("", UNKNOWN_TYPE, found):
        return ""
    if not found:
        return UNKNOWN_TYPE if named.startswith(_SIGNED) else ""
    if named in (_PDF, _ZIP) or (named.startswith(_PACKED) and found not in (_ZIP, _OLE)):
        return found
    if named == "application/epub+zip" and found != _ZIP:
        return found
    return "" if named.startswith(_MAY_BE.get(found, ())) else found


def _sniff_markup(text: bytes) -> str:
    """Return the type of a text that begins with markup."""
    if _PAGE.match(text):
        return WEB_PAGE
    if not text.startswith(b"<"):
        return ""
    if _DRAWING.search(text):
        return _SVG
    return _XML if text.startswith((b"<?xml", b"<!--", b"<!DOCTYPE")) else ""
