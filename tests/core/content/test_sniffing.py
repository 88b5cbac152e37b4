"""The type of a file, told from its first bytes, and held against its name."""

import pytest

from newsfeed.core.content.facts import guess_media_type
from newsfeed.core.content.sniffing import LFS_POINTER, UNKNOWN_TYPE, find_contradiction, sniff_media_type
from tests.pictures import LFS_POINTER as POINTER
from tests.pictures import png

PAGE = b"\r\n<!-- from the cache -->\n<!DOCTYPE HTML><html>"
DRAWING = b'<?xml version="1.0"?>\n<!-- drawn by hand -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (png(), "image/png"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\x24\0\0\0????", ""),
        (b"\0\0\0\x1cftypavif", "image/avif"),
        (b"\0\0\0\x1cftypisom", "video/mp4"),
        (b"junk\n%PDF-1.4", "application/pdf"),
        (POINTER, LFS_POINTER),
        (PAGE, "text/html"),
        (b"\xef\xbb\xbf<html>", "text/html"),
        (DRAWING, "image/svg+xml"),
        (b"<?xml version='1.0'?><office/>", "application/xml"),
        (b"<p>words", ""),
        (b"words", ""),
        (b"", ""),
    ],
)
def test_first_bytes_show_a_type(head, kind):
    """Or none."""
    assert sniff_media_type(head) == kind


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("a.png", png()),
        ("a.svg", DRAWING),
        ("a.svg", b"<?xml version='1.0'?><!-- long -->"),
        ("a.svgz", b"\x1f\x8b\x08"),
        ("a.docx", b"PK\x03\x04"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),  # with a password
        ("a.doc", b"{\\rtf1"),
        ("a.epub", b"PK\x03\x04"),
        ("a.m4a", b"\0\0\0\x1cftypM4A "),
        ("a.mov", b"\0\0\0\x14ftypqt  "),
        ("a.opus", b"OggS"),
        ("a.mp3", b"\xff\xfb\x90"),
        ("a.html", PAGE),
        ("a.txt", PAGE),
        ("a.csv", b"name,year\n"),
        ("a.bin", png()),
        ("unnamed", png()),
        ("a.pdf", b""),
    ],
)
def test_what_may_be_is_no_contradiction(name, head):
    """Types that contain others, and files of which nothing is known."""
    assert find_contradiction(guess_media_type(name), head) == ""


@pytest.mark.parametrize(
    ("name", "head", "found"),
    [
        ("a.jpg", png(), "image/png"),
        ("a.jpeg", PAGE, "text/html"),
        ("a.pdf", PAGE, "text/html"),
        ("a.mp3", PAGE, "text/html"),
        ("a.docx", b"%PDF-1.4", "application/pdf"),
        ("a.pdf", b"PK\x03\x04", "application/zip"),
        ("a.epub", b"%PDF-1.4", "application/pdf"),
        ("a.pdf", b"words", UNKNOWN_TYPE),
        ("a.docx", b"words", UNKNOWN_TYPE),
        ("a.mp4", png(), "image/png"),
        ("a.txt", POINTER, LFS_POINTER),
        ("unnamed", POINTER, LFS_POINTER),
        ("a.png", POINTER, LFS_POINTER),
    ],
)
def test_what_cannot_be_is_told(name, head, found):
    """A picture of another kind, an error page, a pointer."""
    assert find_contradiction(guess_media_type(name), head) == found
