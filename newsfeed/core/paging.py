"""Lists cut from the oldest end, so that older pages never change when something new arrives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pages(Generic[T]):
    """A list, newest first, as one live page and numbered older pages."""

    live: Sequence[T]
    """The newest: at least ``size`` items (when there are so many), fewer than twice as many."""
    older: tuple[Sequence[T], ...]
    """Page 1 holds the oldest; every one has exactly ``size`` items."""


def cut(items: Sequence[T], size: int) -> Pages[T]:
    """Cut a list that is newest first. The live page keeps at least ``size`` items, so that it is
    never nearly empty; what it cannot hold fills complete pages from the oldest end.
    """
    full = max(len(items) // size - 1, 0)
    live = len(items) - full * size
    older = tuple(
        items[len(items) - (number + 1) * size : len(items) - number * size] for number in range(full)
    )
    return Pages(items[:live], older)
