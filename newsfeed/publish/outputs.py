"""What the last build knew of every published file, packed like the stamps it holds."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.publish.known import Known
from newsfeed.publish.stamps import Stamps, look

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

_NAME = 16
"""Bytes of a key or a digest, which are hexadecimal elsewhere."""
_UNKNOWN = bytes(_NAME)
"""The key of a file of which nobody knows what it was made from."""
_STAMP = 3 * array("q").itemsize


@dataclass(frozen=True, slots=True)
class Outputs:
    """Every published file: stamp, key and digest."""

    stamps: Stamps
    keys: bytes
    digests: bytes

    @classmethod
    def of(cls, known: Mapping[str, Known]) -> Outputs:
        """Pack what is known of files."""
        columns = [known[path] for path in sorted(known)]
        return cls(
            Stamps.of({path: one.stamp for path, one in known.items()}),
            b"".join(_packed(one.key) for one in columns),
            b"".join(_packed(one.digest) for one in columns),
        )

    def __len__(self) -> int:
        return len(self.digests) // _NAME

    def unpack(self) -> dict[str, Known]:
        """Path → what is known."""
        columns = zip(self.stamps.unpack().items(), _names(self.keys), _names(self.digests), strict=True)
        return {path: Known(key, digest, stamp) for (path, stamp), key, digest in columns}

    def hold(self, folder: Path) -> bool:
        """Whether all files in a folder still look as they did."""
        return look(folder, self.stamps.paths()) == self.stamps.numbers

    def patched(self, made: Mapping[str, Known], gone: Collection[str]) -> Outputs:
        """With some other files, and without some."""
        paths = self.stamps.paths()
        columns = tuple(map(bytearray, (self.stamps.numbers, self.keys, self.digests)))
        widths, same = (_STAMP, _NAME, _NAME), not gone
        for path in sorted({*made, *gone}):
            place = bisect_left(paths, path)
            there = place < len(paths) and paths[place] == path
            new = [path] if path in made else []
            same = same and there
            paths[place : place + there] = new
            row = _row(made[path]) if new else (b"", b"", b"")
            for column, width, data in zip(columns, widths, row, strict=True):
                column[place * width : (place + there) * width] = data
        numbers, keys, digests = map(bytes, columns)
        stamps = Stamps(self.stamps.names, numbers) if same else Stamps.joined(paths, numbers)
        return Outputs(stamps, keys, digests)


def _row(known: Known) -> tuple[bytes, bytes, bytes]:
    return array("q", known.stamp).tobytes(), _packed(known.key), _packed(known.digest)


def _packed(name: str) -> bytes:
    return bytes.fromhex(name) if name else _UNKNOWN


def _names(column: bytes) -> Iterator[str]:
    for start in range(0, len(column), _NAME):
        name = column[start : start + _NAME]
        yield name.hex() if name != _UNKNOWN else ""
