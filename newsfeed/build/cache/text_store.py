"""A temporary file for what files say, as long as somebody may show it: so no memory has to hold it.

It has no name and is gone when it is closed. Forked processes inherit it: each may add to it, and whoever
is told where something lies may read it.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import weakref
from array import array
from bisect import bisect_left
from itertools import accumulate, pairwise
from typing import NamedTuple

from newsfeed.errors import OutsideError, reason_of
from newsfeed.marking import N_


class ByteRange(NamedTuple):
    """Where something lies in a text store."""

    offset: int
    length: int


class TextStore:
    """Bytes by name. They are added in any process; where they lie is noted in the one that asks."""

    def __init__(self) -> None:
        try:
            with tempfile.TemporaryFile(buffering=0) as file:
                self._file = os.dup(file.fileno())
        except OSError as error:
            raise _trouble(error) from error
        self._close = weakref.finalize(self, os.close, self._file)
        self._names: list[str] = []
        self._places = array("Q")

    def add(self, *pieces: bytes) -> list[ByteRange]:
        """Write at the end; returns where each piece is. Raises `OutsideError` when the disk is full."""
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                offset = os.lseek(self._file, 0, os.SEEK_END)
                left = memoryview(b"".join(pieces))
                while left:  # a disk that is nearly full takes less than it is given
                    left = left[os.write(self._file, left) :]
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)
        except OSError as error:
            raise _trouble(error) from error
        ends = list(accumulate(map(len, pieces), initial=offset))
        return [ByteRange(start, end - start) for start, end in pairwise(ends)]

    def note(self, name: str, place: ByteRange) -> None:
        """Learn where something lies; in the order of names, which are found the quicker for it."""
        assert not self._names or self._names[-1] < name
        self._names.append(name)
        self._places.extend(place)

    def get(self, name: str) -> bytes | None:
        """What was added under a name."""
        number = bisect_left(self._names, name)
        if number == len(self._names) or self._names[number] != name:
            return None
        return self.at(ByteRange(*self._places[2 * number : 2 * number + 2]))

    def at(self, place: tuple[int, int]) -> bytes:
        """What lies at a place."""
        try:
            return os.pread(self._file, place[1], place[0])
        except OSError as error:
            raise _trouble(error) from error

    def close(self) -> None:
        """Give its room back, and know of nothing any more."""
        self._names.clear()
        self._close()


def _trouble(error: OSError) -> OutsideError:
    hint = N_("free some space, or set TMPDIR to a folder that has it")
    return OutsideError(N_("a temporary file cannot be written: {reason}"), hint, reason=reason_of(error))
