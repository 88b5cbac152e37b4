"""Open ordinary files, and nothing that would wait for us or never end: no pipe, socket or device.

Whoever may write into a site could put one of these where a file is expected.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING, BinaryIO

from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

NOT_ORDINARY = N_("it is no ordinary file")
"""The reason for refusing what is neither a file nor a folder."""
PIECE = 1 << 18
"""Bytes that are in memory at a time, of a file that may be of any size."""


def open_file(path: str | PathLike[str], *, links: bool = True) -> BinaryIO:
    """Open an ordinary file for reading. Raises `OSError` at once for anything else.

    ``links``: follow a link in the place of the file.
    """
    if not links:
        return os.fdopen(_open(path, os.O_NOFOLLOW), "rb")
    # To open a device can do something, such as to rewind a tape: so it is looked at before, too.
    refuse_irregular(path, os.stat(path))
    return os.fdopen(_open(path, 0), "rb")


def read_file(path: str | PathLike[str]) -> bytes:
    """Return what is in an ordinary file. Raises `OSError` at once for anything else."""
    with open_file(path) as file:
        return file.read()


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield a file piece by piece, so that its size costs no memory."""
    while piece := file.read(PIECE):
        yield piece


def refuse_irregular(path: str | PathLike[str], status: os.stat_result) -> None:
    """Raise `OSError` unless a status is that of an ordinary file."""
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, NOT_ORDINARY, str(path))


def _open(path: str | PathLike[str], flags: int) -> int:
    """Return the descriptor of an ordinary file; nothing is waited for, whatever it is."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | flags)
    try:
        refuse_irregular(path, os.fstat(descriptor))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
