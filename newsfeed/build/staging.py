"""The stage: where bytes wait until all of them are there. What is published already stays as it is."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.build.cache.known import Stamp, stamp_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

COMPRESSED = ".gz"
"""Ending of a compressed copy, behind the name of its original."""
_DIGITS = 32
"""Of a SHA-256: the one that processors compute themselves. 128 bits are plenty for files of one owner."""
_AT_ONCE = 1000
"""Pieces that a system takes in one go; 1024 is the limit on Linux."""


class Made(NamedTuple):
    """One artifact, made: its bytes wait in the staging folder, or are published already."""

    path: str
    digest: str
    stamp: Stamp
    """What the file looks like, staged or published."""
    staged: bool
    note: str = ""
    """What the manifest is to know of a page."""


Data = Sequence[bytes]
"""The bytes of an artifact, in pieces."""


class Piece(bytes):
    """Bytes that stand in many artifacts."""

    @cached_property
    def digest(self) -> bytes:
        """Worked out once: of a feed's document, nearly all is entries."""
        return hashlib.sha256(self).digest()


class Stage:
    """Where new bytes wait until all of them are there. Safe to use from several processes."""

    def __init__(
        self,
        folder: Path,
        waiting: Path,
        digests: Mapping[str, str],
        stamps: Mapping[str, Stamp],
        *,
        is_new: bool = False,
    ) -> None:
        """``digests``: of the published files; ``stamps``: what those looked like then; ``is_new``: there
        are none.
        """
        self._folder = folder
        self._waiting = waiting
        self._is_new = is_new
        self._there: set[str] = set()
        self._digests = digests
        self._stamps = stamps

    def published(self, path: str) -> bytes:
        """The bytes of a published file; none when it is not there."""
        try:
            return (self._folder / path).read_bytes()
        except OSError:
            return b""

    def put(self, path: str, data: Data, note: str = "") -> Made:
        """Take the bytes of one artifact, and what is to be noted about it; nothing is written when they are
        published already.
        """
        digest = digest_of(data)
        same = self._same(path, digest)
        if same is None and not self._is_new:
            same = _holding(f"{self._folder}/{path}", data)
        if same is not None:
            return Made(path, digest, same, staged=False, note=note)
        self._make_room(path)
        return Made(path, digest, _write(f"{self._waiting}/{path}", data), staged=True, note=note)

    def put_copy(self, path: str, original: Made, copied: Callable[[], Data]) -> Made:
        """The same for what is always made in the same way from another artifact, and takes long to make."""
        digest = self._digests.get(path, "")
        same = None if original.staged else self._same(path, digest)
        return self.put(path, copied()) if same is None else Made(path, digest, same, staged=False)

    def _make_room(self, path: str) -> None:
        """The folder of a file: most have one of their own, in one that is there."""
        folder = f"{self._waiting}/{path}".rpartition("/")[0]
        if folder in self._there:
            return
        try:
            os.mkdir(folder)
        except OSError:
            os.makedirs(folder, exist_ok=True)
        self._there.add(folder)

    def _same(self, path: str, digest: str) -> Stamp | None:
        """The stamp of a published file that had this digest, when nobody has touched it since."""
        stamp = self._stamps.get(path)
        if stamp is None or self._digests.get(path) != digest:
            return None
        return stamp if stamp_of(f"{self._folder}/{path}") == stamp else None


def digest_of(data: Data) -> str:
    """Return the name of some bytes, however they are cut: a file that is read whole has the same."""
    found = hashlib.sha256()
    for piece in data:
        found.update(piece)
    return found.hexdigest()[:_DIGITS]


def _holding(path: str, data: Data) -> Stamp | None:
    """The stamp of a file that has these bytes."""
    stamp = stamp_of(path)
    if stamp is None or stamp[0] != sum(map(len, data)):
        return None
    try:
        with open(path, "rb") as file:
            return stamp if file.read() == b"".join(data) else None
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _write(path: str, data: Data) -> Stamp:
    """Write a file; returns its stamp."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        left = sum(map(len, data)) - os.writev(file, data[:_AT_ONCE])
        if left:  # many pieces, or a disk that takes them bit by bit
            rest = memoryview(b"".join(data))[-left:]
            while rest:
                rest = rest[os.write(file, rest) :]
        looks = os.fstat(file)
    finally:
        os.close(file)
    return looks.st_size, looks.st_mtime_ns, looks.st_ctime_ns
