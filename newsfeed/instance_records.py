"""Records of a store as a whole: the marks by which a copy is known, and its tables on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class StoreMark:
    """The mark of a store that mail is sent from."""

    fence: str
    """Random; another one is given whenever an operator says that a store may be sent from."""
    generation: int
    """Grows with every issue, and every hour of sending: an older copy has a smaller one."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place that a site is sent from."""

    machine: str
    """The machine's id; empty where it has none."""
    path: str
    """The site's folder."""
    file_number: int = 0
    """The inode of the store's file; 0 where it is none."""


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """The mark of a store as the place keeps it that sends from it."""

    mark: StoreMark
    place: Place


@dataclass(frozen=True, slots=True)
class StoredTable:
    """The rows of one table of a store, as they are stored."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[Sequence[object]]
