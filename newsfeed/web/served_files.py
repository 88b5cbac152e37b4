"""A published file, ready to be sent: its headers are made once, and so are its compressed forms."""

from __future__ import annotations

import zlib
from hashlib import sha256
from typing import TYPE_CHECKING

from newsfeed.core.http import freshness
from newsfeed.core.http.codings import IDENTITY
from newsfeed.core.http.media_types import can_shrink
from newsfeed.core.site.urls import INDEX
from newsfeed.web.file_headers import RANGES, VARY, VARY_BY_BOTH

if TYPE_CHECKING:
    from typing import Any

    from newsfeed.build.cache.file_stats import FileStat
from newsfeed.web.file_headers import FileHeaders, Headers

try:
    import brotli
except ModuleNotFoundError:  # it comes with newsfeed[web]
    brotli = None

CODINGS: tuple[str, ...] = ("gzip",) if brotli is None else ("br", "gzip")
"""Codings that are offered, the best first."""
DIGITS = 32
"""Of a file's digest: as in the manifest of a build, with which it is compared."""
_MARKS = {IDENTITY: "", "br": "-br", "gzip": "-gz"}
"""Coding → the end of its entity tags: a strong tag names bytes (RFC 9110 8.8.3.3)."""
_SMALLEST = 256
"""Bytes below which compression saves nothing that a network would notice."""
_GZIP_LEVEL, _BROTLI_QUALITY = 6, 5
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
"""Tells zlib to write the head of gzip, in which it puts no time."""


class Representation:
    """A file in one coding: its tag, its headers, its bytes."""

    __slots__ = (
        "body",
        "brief_headers",
        "etag",
        "full_headers",
        "headers",
        "not_modified",
        "not_modified_head",
        "ok",
        "ok_head",
        "size",
    )

    def __init__(
        self, etag: bytes, of_caches: Headers, of_content: Headers, body: bytes, size: int | None = None
    ) -> None:
        """Make its headers.

        of_caches: those that go with a 304, too; of_content: those that do not; size: in bytes, where the
        body is not in memory.
        """
        self.etag = etag
        self.size = len(body) if size is None else size
        self.body: dict[str, Any] = {"type": "http.response.body", "body": body}
        self.brief_headers: Headers = [(b"etag", etag), *of_caches]
        self.headers: Headers = [*self.brief_headers, *of_content]
        self.full_headers: Headers = [*self.headers, (b"content-length", b"%d" % self.size)]
        self.not_modified = make_start(304, self.brief_headers)
        self.ok = make_start(200, self.full_headers)
        self.not_modified_head = write_head(b"304 Not Modified", self.brief_headers)
        self.ok_head = write_head(b"200 OK", self.full_headers)


class ServedFile:
    """A published file in memory, in each coding that somebody has asked for.

    Of tens of thousands of files most are asked for never: headers are made when one is.
    """

    __slots__ = ("_headers", "_path", "_variants", "codings", "data", "digest", "kind", "modified", "stat")

    def __init__(self, path: str, data: bytes, stat: FileStat, headers: FileHeaders) -> None:
        """``path``: in the output folder."""
        self.kind = freshness.kind_of(path)
        self.data = data
        self.digest = sha256(data).hexdigest()[:DIGITS]
        self.stat = stat
        self.modified = modified_at(stat)
        self.codings = CODINGS if len(data) >= _SMALLEST and can_shrink(path) else ()
        self._path = path
        self._headers = headers
        self._variants: dict[str, Representation] = {}

    def ready(self, coding: str) -> Representation | None:
        """Return the file in a coding; ``None`` when it has to be compressed first."""
        found = self._variants.get(coding)
        return self.compress(IDENTITY) if found is None and not coding else found

    def compress(self, coding: str) -> Representation:
        """Return the file in a coding. The first time takes a moment: not in the event loop."""
        found = self._variants.get(coding)
        if found is None:
            body = _compress(coding, self.data) if coding else self.data
            found = self._variants[coding] = self._represent(coding, body)
        return found

    def _represent(self, coding: str, body: bytes) -> Representation:
        etag = f'"{self.digest}{_MARKS[coding]}"'.encode()
        is_utf8 = not self._path.startswith("files/") or _is_utf8(self.data)
        of_caches = [*self._headers.of_caches(self._path), *self._vary()]
        of_content = [RANGES, *self._headers.of_content(self._path, self.modified, is_utf8=is_utf8)]
        if coding:
            of_content.append((b"content-encoding", coding.encode()))
        return Representation(etag, of_caches, of_content, body)

    def _vary(self) -> Headers:
        """Return what answers at its address depend on: at the entrance, others lead to editions."""
        return [VARY_BY_BOTH] if self._path == INDEX else [VARY] if self.codings else []


class LargeFile:
    """A published file that stays on the disk, and is sent piece by piece."""

    __slots__ = ("_headers", "kind", "path", "stat")

    def __init__(self, path: str, stat: FileStat, headers: FileHeaders) -> None:
        """``path``: in the output folder."""
        self.kind = freshness.kind_of(path)
        self.path = path
        self.stat = stat
        self._headers = headers

    def represent(self, stat: FileStat) -> Representation:
        """Return the file as it is when it is opened, without its bytes. To read it for a tag would take too
        long, so that is made of what the file looks like from outside.
        """
        tag = sha256(repr(stat).encode()).hexdigest()[:DIGITS]
        of_content = [RANGES, *self._headers.of_content(self.path, modified_at(stat))]
        return Representation(
            f'"{tag}"'.encode(), self._headers.of_caches(self.path), of_content, b"", stat[0]
        )


def modified_at(stat: FileStat) -> int:
    """Return the second since 1970 at which a file was written."""
    return stat[1] // 1_000_000_000


def make_start(status: int, headers: Headers) -> dict[str, object]:
    """Return the message of ASGI that begins an answer."""
    return {"type": "http.response.start", "status": status, "headers": headers}


def write_head(status: bytes, headers: Headers) -> bytes:
    """Return the head of an answer as it is sent, without the empty line at its end."""
    return b"HTTP/1.1 %b\r\n%b" % (status, b"".join(b"%b: %b\r\n" % header for header in headers))


def _compress(coding: str, data: bytes) -> bytes:
    if coding == "br":
        return bytes(brotli.compress(data, quality=_BROTLI_QUALITY))
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)
    return packer.compress(data) + packer.flush()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
