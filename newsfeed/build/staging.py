"""The staging folder: rendered bytes wait there until all are there. What is published stays as it is."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.build.cache.file_stats import FileStat, file_stat
from newsfeed.files import open_file, pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

COMPRESSED = ".gz"
"""Ending of a compressed copy, behind the name of its original."""
_GZIP_LEVEL = 6
"""9 takes 40 % longer for 0.2 % fewer bytes."""
_DIGITS = 32
"""Of a SHA-256: the one that processors compute themselves. 128 bits are plenty for files of one owner."""
_PIECES_AT_ONCE = 1000
"""Pieces that a system takes in one go; 1024 is the limit on Linux."""

Pieces = Sequence[bytes]
"""The bytes of a file, in pieces that need not be joined to be written."""


class RenderedFile(NamedTuple):
    """An artifact as bytes."""

    path: str
    """In the output folder."""
    pieces: Iterable[bytes]
    """Its bytes: in memory (`Pieces`), or read from a file of any size each time that they are asked for."""
    note: str = ""
    """Text of a page that goes into the manifest."""
    has_copy: bool = False
    """A compressed copy is published beside it."""


class StagedFile(NamedTuple):
    """A file of the next site: its bytes wait in the staging folder, or are published already."""

    path: str
    digest: str
    stat: FileStat
    """The stat of the file, staged or published."""
    is_staged: bool
    note: str = ""
    """Text of a page that goes into the manifest."""


class Staging:
    """The files of the next site. Any process may write them; the one that publishes adds them up."""

    def __init__(
        self,
        folder: Path,
        waiting: Path,
        digests: Mapping[str, str],
        stats: Mapping[str, FileStat],
        *,
        is_new: bool = False,
    ) -> None:
        """Stage files for an output folder.

        waiting: the staging folder, on the same disk.
        digests: path → digest, of the published files.
        stats: path → what published files looked like when they had these digests.
        is_new: nothing is published yet.
        """
        self._folder = folder
        self._waiting = waiting
        self._digests = digests
        self._stats = stats
        self._is_new = is_new
        self._folders_there: set[str] = set()
        self._files: list[StagedFile] = []

    def add(self, file: StagedFile) -> None:
        """Add a file that was written here or in another process."""
        self._files.append(file)

    def files(self) -> list[StagedFile]:
        """Return all files that were added, in the order of their paths."""
        return sorted(self._files)

    def write(self, rendered: RenderedFile) -> list[StagedFile]:
        """Write a file and its compressed copy; nothing is written of what is published already."""
        file = self._write(rendered.path, rendered.pieces, rendered.note)
        if not rendered.has_copy:
            return [file]
        path = rendered.path + COMPRESSED
        copy = None if file.is_staged else self._untouched(path)
        return [file, copy or self._write(path, _compressed(rendered.pieces))]

    def kept(self, path: str) -> StagedFile | None:
        """Return a published file whose name says what is in it, when it still has the bytes it was published
        with; ``None`` where it has to be made.
        """
        digest = self._digests.get(path)
        stat = file_stat(f"{self._folder}/{path}")
        if digest is None or stat is None:
            return None
        if self._stats.get(path) != stat:
            try:
                with open_file(f"{self._folder}/{path}", links=False) as file:
                    if digest_of(pieces_of(file)) != digest:
                        return None
            except OSError:
                return None
        return StagedFile(path, digest, stat, is_staged=False)

    def _write(self, path: str, pieces: Iterable[bytes], note: str = "") -> StagedFile:
        digest = digest_of(pieces)
        stat = self._untouched_stat(path, digest)
        if stat is None and not self._is_new:
            stat = _stat_if_same(f"{self._folder}/{path}", pieces)
        if stat is not None:
            return StagedFile(path, digest, stat, is_staged=False, note=note)
        self._make_folder(path)
        waiting = f"{self._waiting}/{path}"
        if isinstance(pieces, Sequence):
            stat = _write(waiting, pieces)
        else:
            digest, stat = _copy(waiting, pieces)
        return StagedFile(path, digest, stat, is_staged=True, note=note)

    def _untouched(self, path: str) -> StagedFile | None:
        """Return a published file when nobody has touched it since."""
        digest = self._digests.get(path, "")
        stat = self._untouched_stat(path, digest)
        return None if stat is None else StagedFile(path, digest, stat, is_staged=False)

    def _untouched_stat(self, path: str, digest: str) -> FileStat | None:
        """Return the stat of a published file that had this digest, when nobody has touched it since."""
        stat = self._stats.get(path)
        if stat is None or self._digests.get(path) != digest:
            return None
        return stat if file_stat(f"{self._folder}/{path}") == stat else None

    def _make_folder(self, path: str) -> None:
        """Make the folder of a file: most have one of their own, in one that is there."""
        folder = f"{self._waiting}/{path}".rpartition("/")[0]
        if folder in self._folders_there:
            return
        try:
            os.mkdir(folder)
        except OSError:
            os.makedirs(folder, exist_ok=True)
        self._folders_there.add(folder)


def digest_of(pieces: Iterable[bytes | memoryview]) -> str:
    """Return the name of some bytes, however they are cut: a file that is read whole has the same."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()[:_DIGITS]


def _compressed(pieces: Iterable[bytes]) -> Pieces:
    return (gzip.compress(b"".join(pieces), _GZIP_LEVEL, mtime=0),)


def _stat_if_same(path: str, pieces: Iterable[bytes]) -> FileStat | None:
    """Return the stat of a file that has these bytes."""
    stat = file_stat(path)
    if stat is None or (isinstance(pieces, Sequence) and stat[0] != sum(map(len, pieces))):
        return None
    try:
        file = open_file(path)
    except OSError:  # it goes, and what is published takes its place
        return None
    with file:
        same = all(file.read(len(piece)) == piece for piece in pieces) and not file.read(1)
    return stat if same else None


def _copy(path: str, pieces: Iterable[bytes]) -> tuple[str, FileStat]:
    """Write a file that is not in memory; returns the digest of what was written, and its stat."""
    digest = hashlib.sha256()
    with open(path, "wb") as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
        file.flush()
        stat = os.fstat(file.fileno())
    return digest.hexdigest()[:_DIGITS], (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def _write(path: str, pieces: Pieces) -> FileStat:
    """Write a file; returns its stat."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        left = sum(map(len, pieces)) - os.writev(file, pieces[:_PIECES_AT_ONCE])
        if left:  # many pieces, or a disk that takes them bit by bit
            rest = memoryview(b"".join(pieces))[-left:]
            while rest:
                rest = rest[os.write(file, rest) :]
        stat = os.fstat(file)
    finally:
        os.close(file)
    return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
