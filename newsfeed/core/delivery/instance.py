"""Decide whether the store at hand is the one that this place sends from, or a copy of it.

A restored backup, a copied machine and a staging system all have people, and issues that look due. The store
keeps a mark, and so does a file beside it. Only where both agree, and nothing was moved, is mail sent.

>>> here = Place(machine="m1", path="/srv/site")
>>> judge_instance(None, None, here)
<InstanceState.NEW: 'new'>
>>> kept = PlaceMark(StoreMark("f1", 3), here)
>>> judge_instance(StoreMark("f1", 4), kept, here)
<InstanceState.ACTIVE: 'active'>
>>> judge_instance(StoreMark("f1", 2), kept, here)
<InstanceState.OLDER: 'older'>
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.instance_records import Place, PlaceMark, StoreMark

if TYPE_CHECKING:
    from collections.abc import Callable


class InstanceState(enum.Enum):
    """The relation of a store to the place that it is opened from."""

    NEW = "new"
    """Nobody has ever sent from this store."""
    ACTIVE = "active"
    UNKNOWN = "unknown"
    """It was sent from elsewhere, or comes out of a backup."""
    MOVED = "moved"
    """Its place was copied with it: to another machine, folder or file."""
    OLDER = "older"
    """It is an older state of the store that was sent from here."""


@dataclass(frozen=True, slots=True)
class InstanceStanding:
    """A state, with what led to it."""

    state: InstanceState
    stored: StoreMark | None
    kept: PlaceMark | None
    here: Place


def judge_instance(stored: StoreMark | None, kept: PlaceMark | None, here: Place) -> InstanceState:
    """Return how a store and this place belong together.

    ``stored``: the store's mark; ``kept``: the one in the file outside; ``here``: where that file is read.
    """
    if stored is None:
        return InstanceState.NEW if kept is None else InstanceState.OLDER
    if kept is None or kept.mark.fence != stored.fence:
        return InstanceState.UNKNOWN
    if _is_elsewhere(kept.place, here):
        return InstanceState.MOVED
    return InstanceState.OLDER if stored.generation < kept.mark.generation else InstanceState.ACTIVE


def begin_anew(new_fence: Callable[[], str]) -> StoreMark:
    """Return the mark of a store that is sent from here from now on, and from nowhere else."""
    return StoreMark(new_fence(), 1)


def _is_elsewhere(kept: Place, here: Place) -> bool:
    """Tell whether two places differ in what both know; a container may have no machine id."""
    pairs = ((kept.machine, here.machine), (kept.path, here.path), (kept.file_number, here.file_number))
    return any(one and other and one != other for one, other in pairs)
