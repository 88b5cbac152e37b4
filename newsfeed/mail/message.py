"""Compose a MIME message: header lines, and a body with a text part and an HTML part.

The bytes are put together here, with the standard library's encoders, because its message class
damages subjects when it folds them (python/cpython#144156) and encodes what must stay as it is,
such as long List-* addresses (RFC 2047 section 5).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email.header import Header
from email.quoprimime import body_encode
from email.utils import format_datetime, quote
from typing import TYPE_CHECKING

from newsfeed.core.content.source_text import FORBIDDEN_CHARACTERS, join_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

CRLF = "\r\n"
_LINE = 75
_WIDE = 78
_ENCODED = 76
"""Longest line of quoted-printable (RFC 2045 6.7)."""
_DOTTED = re.compile(r"^\.([^\r\n]*)", re.MULTILINE)
_STUFFED = (" ", ">", "From ")


@dataclass(frozen=True, slots=True)
class Alternative:
    """A body that says the same in two parts: text first, HTML last (RFC 2046 5.1.4)."""

    content_type: str
    """Value of the Content-Type header, with the boundary."""
    body: bytes
    """Everything below the headers, CRLF line ends."""
    html_size: int
    """Bytes of the encoded HTML part."""


def compose_alternative(text: str, html: str, lang: str) -> Alternative:
    """Encode a rendered text and a rendered HTML page as the two parts of a body."""
    flowed, encoded_html = _flowed(text), _encoded(_inlined(html))
    boundary = "=_" + hashlib.blake2b((flowed + encoded_html).encode(), digest_size=12).hexdigest()
    parts = (
        _part("text/plain; charset=utf-8; format=flowed", lang, _encoded(flowed)),
        _part("text/html; charset=utf-8", lang, encoded_html),
    )
    # Quoted-printable never holds "=_", so the boundary cannot occur in a part (RFC 2046 5.1.1).
    body = "".join(f"--{boundary}{CRLF}{part}{CRLF}" for part in parts) + f"--{boundary}--{CRLF}"
    content_type = f'multipart/alternative;{CRLF} boundary="{boundary}"'
    return Alternative(content_type, body.encode("ascii"), len(encoded_html))


def encode_entity(alternative: Alternative, lang: str) -> bytes:
    """Return the MIME headers, an empty line and the body: a message without its other headers."""
    common = (
        ("MIME-Version", "1.0"),
        ("Content-Language", lang),
        ("Content-Type", alternative.content_type),
    )
    return encode_headers(common) + CRLF.encode() + alternative.body


def encode_plain_text(text: str, lang: str) -> bytes:
    """Return the MIME headers, an empty line and the body of a mail that is nothing but text."""
    part = _part("text/plain; charset=utf-8; format=flowed", lang, _encoded(_flowed(text)))
    return f"MIME-Version: 1.0{CRLF}{part}".encode("ascii")


def encode_headers(headers: Sequence[tuple[str, str]]) -> bytes:
    """Return header lines as bytes; their values are encoded already."""
    return "".join(f"{name}: {_checked(name, value)}{CRLF}" for name, value in headers).encode("ascii")


def format_text_header(name: str, value: str) -> str:
    """Return a header of free text, folded into encoded-words of at most 75 characters (RFC 2047)."""
    value = _one_line(value)
    if _is_plain(value) and len(name) + len(value) < _LINE:
        return value
    return Header(value, "utf-8", maxlinelen=_LINE, header_name=name).encode(linesep=CRLF)


def format_address_header(name: str, display: str, address: str) -> str:
    """Return ``Name <address>``: any name survives, none can add an address or a header (RFC 5322 3.4)."""
    display = _one_line(display)
    if not display:
        return address if name != "List-Id" else f"<{address}>"
    phrase = f'"{quote(display)}"'
    if not _is_plain(display) or len(name) + len(phrase) > _LINE:
        phrase = Header(display, "utf-8", maxlinelen=_LINE, header_name=name).encode(linesep=CRLF)
    fits = len(f"{name}: {phrase} <{address}>") <= _WIDE
    return f"{phrase} <{address}>" if fits else f"{phrase}{CRLF} <{address}>"


def format_date_header(moment: datetime) -> str:
    """Return an RFC 5322 date with a numeric zone and English names, whatever the process locale."""
    return format_datetime(moment)


def _checked(name: str, value: str) -> str:
    """Return a header's value; refuse one that would start a header of its own. Nothing of the site gets this
    far.
    """
    if value.isascii() and "\r" not in value and "\n" not in value:
        return value
    if not value.isascii() or re.search(r"\r\n(?![ \t])|\r(?!\n)|(?<!\r)\n", value):
        raise ValueError(f"header {name} is not safe")
    return value


def _is_plain(value: str) -> bool:
    """Tell whether a text is ASCII that nobody takes for an encoded-word: "=?…?=" in a title must stay what
    it is.
    """
    return value.isascii() and "=?" not in value


def _one_line(value: str) -> str:
    return join_lines(FORBIDDEN_CHARACTERS.sub("", value))


def _part(content_type: str, lang: str, encoded: str) -> str:
    headers = (
        f"Content-Type: {content_type}",
        f"Content-Language: {lang}",
        "Content-Transfer-Encoding: quoted-printable",
    )
    return CRLF.join(headers) + CRLF + CRLF + encoded


def _encoded(text: str) -> str:
    """Encode as quoted-printable UTF-8: no relay has a reason to encode it again (RFC 6376 5.3), and no line
    begins with a full stop, which SMTP would have to stuff and bad relays forget to take away.
    """
    encoded = body_encode(_octets(text), maxlinelen=_ENCODED, eol=CRLF)
    while _DOTTED.search(encoded):
        encoded = _DOTTED.sub(_escaped_dot, encoded)
    return encoded


def _escaped_dot(line: re.Match[str]) -> str:
    """Return the line with ``=2E`` in front, on a line of its own where it would grow too long."""
    rest = line[1]
    return f"=2E{rest}" if len(rest) + 3 <= _ENCODED else f"=2E={CRLF}{rest}"


def _octets(text: str) -> str:
    """Return UTF-8 bytes as one character each, which is what the standard encoder takes."""
    return text.encode("utf-8").decode("latin-1")


def _flowed(text: str) -> str:
    """Space-stuff a text for format=flowed (RFC 3676 4.4); no line of ours flows but the text survives."""
    return "\n".join(f" {line}" if line.startswith(_STUFFED) else line for line in text.split("\n"))


def _inlined(html: str) -> str:
    import css_inline

    inliner = css_inline.CSSInliner(
        keep_style_tags=True, remove_inlined_selectors=True, minify_css=True, load_remote_stylesheets=False
    )
    return inliner.inline(html)
