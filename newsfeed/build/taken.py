"""What was made of a whole site, packed while it comes in: there may be a million artifacts, and other
processes need the memory.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

from newsfeed.build.cache.file_stamps import NEVER, WIDTH, Stamps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsfeed.build.cache.known import Stamp
    from newsfeed.build.staging import Made

_END = "\0"
"""Of a text in a column: in none of them."""


@dataclass(frozen=True, slots=True)
class Taken:
    """All artifacts of a site, in the order of their paths."""

    paths: Sequence[str]
    _digests: Sequence[str]
    _notes: Sequence[str]
    _numbers: array[int]
    _staged: Sequence[int]

    def staged(self) -> list[str]:
        """The paths of those whose bytes wait in the staging folder."""
        return list(compress(self.paths, self._staged))

    def digests(self) -> Iterator[tuple[str, str]]:
        """(path, digest) of each."""
        return zip(self.paths, self._digests, strict=True)

    def notes(self) -> Iterator[tuple[str, str]]:
        """(path, note) of those that have one."""
        return compress(zip(self.paths, self._notes, strict=True), self._notes)

    def look_again(self, path: str, stamp: Stamp | None) -> None:
        """Learn what one of them looks like now."""
        place = WIDTH * bisect_left(self.paths, path)
        self._numbers[place : place + WIDTH] = array("q", stamp or NEVER)

    def stamps(self) -> Stamps:
        """What their files look like."""
        return Stamps.joined(self.paths, self._numbers.tobytes())


def take(made: Iterable[Made]) -> Taken:
    """Take in what comes, in any order."""
    names, digests, notes = bytearray(), bytearray(), bytearray()
    numbers, staged = array("q"), bytearray()
    for one in made:
        names += (one.path + _END).encode()
        digests += (one.digest + _END).encode()
        notes += (one.note + _END).encode()
        numbers.extend(one.stamp or NEVER)
        staged.append(one.staged)
    paths = _texts(names)
    order = sorted(range(len(paths)), key=paths.__getitem__)
    in_order = array("q")
    for number in order:
        in_order += numbers[number * WIDTH : (number + 1) * WIDTH]
    return Taken(
        [*map(paths.__getitem__, order)],
        [*map(_texts(digests).__getitem__, order)],
        [*map(_texts(notes).__getitem__, order)],
        in_order,
        bytes(map(staged.__getitem__, order)),
    )


def _texts(column: bytearray) -> list[str]:
    return column.decode().split(_END)[:-1]
