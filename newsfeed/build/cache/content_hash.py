"""Hash what is in files: where a file's stat is another one than before, this says whether it changed.

Content files get the ids that git gives to blobs, so that those of a git work tree need not be read
(`newsfeed.sources.git_blobs`); published files are compared with the digests in the manifest.
"""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, mmap
from typing import TYPE_CHECKING

from newsfeed.build.cache.file_stats import Piece, find_differing_places, read_stats, sizes
from newsfeed.build.manifest import read_manifest
from newsfeed.build.staging import digest_of
from newsfeed.files import open_descriptor, open_file, pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

HASH_BYTES = 20
_LARGEST = 100_000_000
"""Bytes of a file that is read to be hashed: a film somebody left in a folder may have a thousand times as
many, and nothing has said yet whether it is published at all.
"""
UNKNOWN = bytes(HASH_BYTES)
"""Stands for the hash of a file of which none is known; no content has it."""


def content_hash(data: bytes) -> bytes:
    """Return the id that git gives to these bytes."""
    found = hashlib.sha1(b"blob %d\0" % len(data), usedforsecurity=False)
    found.update(data)
    return found.digest()


def hash_files(root: Path, paths: Iterable[str]) -> dict[str, bytes]:
    """Read content files, and return path → hash; without those that cannot be read."""
    hashes = ((path, _blob_hash(f"{root}{os.sep}{path}")) for path in paths)
    return {path: found for path, found in hashes if found is not None}


def is_as_published(folder: Path, piece: Piece) -> bool:
    """Tell whether files in an output folder are as they were published: by their stats, else by what is in
    them, as in a folder that was restored or copied.
    """
    paths, numbers = piece
    now = read_stats(folder, paths)
    return now == numbers or has_same_content(folder, (piece, (paths, now)))


def has_same_content(folder: Path, pieces: tuple[Piece, Piece]) -> bool:
    """Tell whether files in an output folder hold what was published; those are read whose stats differ.

    pieces: the files as they were published, and as they look now.
    """
    (paths, numbers), (_, now) = pieces
    differing = find_differing_places(numbers, now)
    size_before, size_now = sizes(numbers), sizes(now)
    if any(size_before[number] != size_now[number] for number in differing):
        return False
    digests = _digests(folder)
    files = ((paths[number], size_now[number]) for number in differing)
    return all(_has_digest(f"{folder}{os.sep}{path}", size, digests.get(path)) for path, size in files)


def file_hash(path: Path) -> str:
    """Return a name of what is in a file; an empty one when it cannot be read."""
    try:
        with open_file(path, links=False) as file:
            found = hashlib.sha256()
            for piece in pieces_of(file):
                found.update(piece)
            return found.hexdigest()
    except OSError:
        return ""


def _has_digest(path: str, size: int, digest: str | None) -> bool:
    """Tell whether a published file has a digest. There may be gigabytes of them: so each is read into the
    same memory, and nothing else is asked of the system.
    """
    try:
        file = os.open(path, _ONLY_FILES)
        try:
            return digest_of(_pieces(file, size)) == digest
        finally:
            os.close(file)
    except OSError:
        return False


def _pieces(file: int, size: int) -> Iterator[memoryview]:
    """Read a file piece by piece, each in the place of the last: neither memory nor a reader is made for each
    of very many files. Raises `OSError` when its size is another.
    """
    left = size
    while left > 0:
        count = os.readv(file, [_BUFFER])
        if not count:
            break
        left -= count
        yield _VIEW[:count]
    if left:
        raise OSError("it grew or shrank")


_ONLY_FILES = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
"""Flags to open what should be a file: not what a link leads to, nor a pipe that would wait for us."""
_BUFFER = mmap(-1, 1 << 18, flags=MAP_PRIVATE | MAP_ANONYMOUS)  # not shared with forked processes
"""Begins with a page of memory: the system copies into it in half the time that other bytes take."""
_VIEW = memoryview(_BUFFER)


@lru_cache(1)
def _digests(folder: Path) -> dict[str, str]:
    """Return what the manifest says of published files; it is read once in a process that checks them."""
    return read_manifest(folder)[0]


def _blob_hash(path: str) -> bytes | None:
    """Return the hash of an ordinary file; ``None`` when it cannot be read, or grows meanwhile.

    Of a file that is too large to be read for this its moments and its size stand for what is in it.
    """
    try:
        file = open_descriptor(path, links=False)
        try:
            status = os.fstat(file)
            size = status.st_size
            if size > _LARGEST:
                return content_hash(b"%d %d %d" % (size, status.st_mtime_ns, status.st_ctime_ns))
            found = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
            for piece in _pieces(file, size):
                found.update(piece)
            return found.digest()
        finally:
            os.close(file)
    except OSError:
        return None
