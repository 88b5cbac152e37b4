"""Open ordinary files only, no pipe or device, which could make us wait for ever; write private files.

Whoever may write into a site could put one of these where a file is expected.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

NOT_ORDINARY = N_("it is no ordinary file")
"""The reason for refusing what is neither a file nor a folder."""
LARGEST, TOO_LARGE = 100_000_000, N_("it has more than 100 MB")
"""Bytes of a file that is read whole, and the reason for refusing a larger one."""
PUBLIC_FILE = 0o666
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
"""Modes of what holds secrets or people's addresses."""
PIECE = 1 << 18
"""Bytes that are in memory at a time, of a file that may be of any size."""


def open_file(path: str | PathLike[str], *, links: bool = True) -> BinaryIO:
    """Open an ordinary file for reading. Raises `OSError` at once for anything else.

    ``links``: follow a link in the place of the file.
    """
    return os.fdopen(open_descriptor(path, links=links), "rb")


def open_descriptor(path: str | PathLike[str], *, links: bool = True) -> int:
    """Open an ordinary file as `open_file` does; return its descriptor."""
    if not links:
        return _open(path, os.O_NOFOLLOW)
    # To open a device can do something, such as to rewind a tape: so it is looked at before, too.
    refuse_irregular(path, os.stat(path))
    return _open(path, 0)


def read_file(path: str | PathLike[str]) -> bytes:
    """Return what is in an ordinary file. Raises `OSError` at once for anything else, and for one that is too
    large to be held in memory.
    """
    with open_file(path) as file:
        if os.fstat(file.fileno()).st_size > LARGEST:
            raise OSError(errno.EINVAL, TOO_LARGE, str(path))
        return file.read()


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield a file piece by piece, so that its size costs no memory."""
    while piece := file.read(PIECE):
        yield piece


def make_private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, that only their owner can enter."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        one.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def write_private(path: str | PathLike[str], data: bytes) -> None:
    """Write a file that only its owner can read, whatever the mode of one that is there."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, PRIVATE_FILE), "wb") as file:
        os.fchmod(file.fileno(), PRIVATE_FILE)
        file.write(data)


def write_new(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file that is not there yet, whole or not at all. Raises `FileExistsError` when there is one.

    ``private``: only its owner can read it, from its first byte on.
    """
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        if not private:
            Path(temporary).chmod(PUBLIC_FILE & ~_umask())
        os.link(temporary, path)
    finally:
        Path(temporary).unlink()


def replace_file(path: Path, data: bytes) -> None:
    """Put other bytes in the place of a file, at once and with its rights.

    It gets a name that nobody can guess: a branch could bring a link of a known name, and we would write
    through it.
    """
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        shutil.copymode(path, temporary)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _umask() -> int:
    """Return the rights that the user withholds from new files: to read it is to set it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def check_file(path: str | PathLike[str]) -> None:
    """Raise `OSError` unless a path leads to an ordinary file, for a library that opens it itself."""
    refuse_irregular(path, os.stat(path))


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
