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
    older = range(1, count_older_pages(len(items), size) + 1)
    return Pages(cut_page(items, size, 0), tuple(cut_page(items, size, number) for number in older))


def count_older_pages(length: int, size: int) -> int:
    """How many older pages a list of this length is cut into."""
    return max(length // size - 1, 0)


def cut_page(items: Sequence[T], size: int, number: int) -> Sequence[T]:
    """One of the pages `cut` makes: an older one by its number, or (0) the live one."""
    if number:
        return items[len(items) - number * size : len(items) - (number - 1) * size]
    return items[: len(items) - count_older_pages(len(items), size) * size]
