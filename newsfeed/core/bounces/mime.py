"""Parse a mail's bytes into header fields and parts, within fixed bounds, whatever the bytes are.

Strangers fill the mailbox that bounces come back to. So this reader never raises, never recurses,
and does work that is linear in the first `SIZE_LIMIT` bytes: what lies beyond a bound is not there.
Attached mails (``message/rfc822``) are not opened: what they say, they say about themselves.
"""

from __future__ import annotations

import binascii
import quopri
import re
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header

SIZE_LIMIT = 1_000_000
"""Bytes of a message that are looked at; reports attach at most the headers or a copy of one mail."""
PARTS, DEPTH = 50, 6
"""Parts of a message, and multiparts within multiparts."""
_HEADER, _FIELDS, _VALUE = 100_000, 500, 10_000
"""Bytes of a header, fields in it, characters of one value."""
_FIELD = re.compile(r"([!-9;-~]{1,80})[ \t]*:(.*)")
_TYPE = re.compile(r"\s*([a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60})")
_PARAMETER = re.compile(
    r';\s*([a-z0-9*-]{1,40})\s*=\s*(?:"((?:[^"\\]|\\.){0,200})"|([^\s;"]{1,200}))', re.IGNORECASE
)
_CHARSETS = frozenset({"utf-8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "utf-16"})
"""Python knows codecs that are slow or no charsets at all; nobody shall choose one of those for us."""


@dataclass(frozen=True, slots=True)
class HeaderFields:
    """Header fields in their order: (name in lower case, unfolded value)."""

    pairs: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """Return the first value of a field; empty when there is none."""
        return next((value for known, value in self.pairs if known == name), "")

    def all(self, *names: str) -> list[str]:
        """Return every value of some fields, by the order of the names."""
        return [value for name in names for known, value in self.pairs if known == name]

    def __contains__(self, name: str) -> bool:
        return any(known == name for known, _ in self.pairs)


@dataclass(frozen=True, slots=True)
class MimePart:
    """One leaf of a message: a text, a report, an attached mail."""

    fields: HeaderFields
    type: str
    """Media type in lower case."""
    data: bytes
    """Without its transfer encoding, lines end in LF."""

    @property
    def text(self) -> str:
        """Return its characters: UTF-8, or Western European where nothing but ASCII is UTF-8; the charset it
        names does not matter for what programs write.
        """
        text = self.data.decode("utf-8", "replace")
        if "\ufffd" in text and text.replace("\ufffd", "").isascii():
            return self.data.decode("cp1252", "replace")
        return text


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A parsed message: its header and its leaves in their order."""

    fields: HeaderFields
    type: str
    parameters: tuple[tuple[str, str], ...]
    parts: tuple[MimePart, ...]

    def first(self, *types: str) -> MimePart | None:
        """Return the first part of one of some media types."""
        return next((part for part in self.parts if part.type in types), None)

    def parameter(self, name: str) -> str:
        """Return a parameter of the message's own media type, such as ``report-type``."""
        return dict(self.parameters).get(name, "")


def parse_mail(data: bytes) -> ParsedMail:
    """Parse a message. A multipart that cannot be taken apart is read as one text."""
    whole = data[:SIZE_LIMIT].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if whole.startswith((b"From ", b">From ")):  # the separator of mbox files
        whole = whole.partition(b"\n")[2]
    fields, body = _opened(whole)
    media, parameters = _media(fields)
    leaves: list[MimePart] = []
    stack = [(fields, body, 0)]
    while stack and len(leaves) < PARTS:
        head, content, depth = stack.pop()
        kind, known = _media(head)
        inside = _split(content, dict(known).get("boundary", "")) if kind.startswith("multipart/") else []
        if inside and depth < DEPTH:
            stack += [(*_opened(one), depth + 1) for one in reversed(inside)]
        else:
            leaves.append(MimePart(head, kind, _decoded(head, content)))
    return ParsedMail(fields, media, parameters, tuple(leaves))


def read_header_fields(data: bytes) -> HeaderFields:
    """Return the header fields at the start of some bytes; lines that are none are passed over."""
    return _opened(data.replace(b"\r\n", b"\n"))[0]


def read_field_groups(data: bytes, most: int = 60) -> list[HeaderFields]:
    """Return groups of fields between empty lines: the form of delivery reports (RFC 3464 2.1)."""
    blocks = (_fields(block) for block in re.split(rb"\n[ \t]*\n", data, maxsplit=most)[:most])
    return [block for block in blocks if block.pairs]


def decode_header_value(value: str) -> str:
    """Return a header's value with encoded words decoded (RFC 2047); as it stands when they are broken."""
    try:
        pieces = decode_header(value[:1_000])
    except (HeaderParseError, ValueError):
        return value
    return "".join(_piece(data, charset or "") for data, charset in pieces)


def _piece(data: bytes | str, charset: str) -> str:
    if isinstance(data, str):
        return data
    known = charset.casefold() if charset.casefold() in _CHARSETS else "utf-8"
    return data.decode(known, "replace")


def _opened(data: bytes) -> tuple[HeaderFields, bytes]:
    """Return the header and the body of a message or part."""
    if data.startswith(b"\n"):
        return HeaderFields(), data[1:]
    end = data.find(b"\n\n")
    head, body = (data, b"") if end < 0 else (data[:end], data[end + 2 :])
    return _fields(head), body


def _fields(data: bytes) -> HeaderFields:
    pairs: list[tuple[str, list[str]]] = []
    for line in data[:_HEADER].decode("utf-8", "replace").split("\n"):
        if line[:1] in (" ", "\t"):
            if pairs:
                pairs[-1][1].append(line.strip())
        elif found := _FIELD.match(line):
            if len(pairs) == _FIELDS:
                break
            pairs.append((found[1].lower(), [found[2].strip()]))
    return HeaderFields(tuple((name, " ".join(lines)[:_VALUE]) for name, lines in pairs))


def _media(fields: HeaderFields) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return media type and parameters (RFC 2045 5.1); plain text when it says nothing of sense."""
    value = fields.get("content-type")
    found = _TYPE.match(value.lower())
    if not found:
        return "text/plain", ()
    parameters = tuple(
        (name.lower(), re.sub(r"\\(.)", r"\1", quoted) or plain)
        for name, quoted, plain in _PARAMETER.findall(value[:2_000])
    )
    return found[1], parameters


def _split(body: bytes, boundary: str) -> list[bytes]:
    """Return what stands between the boundary lines (RFC 2046 5.1.1); the end may be missing."""
    line = b"\n--" + boundary.encode("utf-8", "replace")
    if not boundary:
        return []
    parts: list[bytes] = []
    text, start, place = b"\n" + body, -1, 0
    while len(parts) < PARTS:
        place = text.find(line, place)
        if place < 0:
            break
        end = text.find(b"\n", place + 1)
        rest = text[place + len(line) : end if end >= 0 else len(text)].rstrip()
        if rest in (b"", b"--"):  # else a longer boundary, of a part inside
            if start >= 0:
                parts.append(text[start:place])
            start = end + 1 if end >= 0 and not rest else -1
            if start < 0:
                return parts
        place += len(line)
    if start >= 0 and len(parts) < PARTS:
        parts.append(text[start:])
    return parts


def _decoded(fields: HeaderFields, content: bytes) -> bytes:
    """Return the bytes without quoted-printable or base64, as far as they can be told."""
    encoding = fields.get("content-transfer-encoding").casefold().strip()
    if encoding == "quoted-printable":
        return quopri.decodestring(content).replace(b"\r\n", b"\n")
    if encoding == "base64":
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", content)
        whole = letters[:-1] if len(letters) % 4 == 1 else letters  # cut off in the middle
        return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)).replace(b"\r\n", b"\n")
    return content
