"""Lists cut from the oldest end, so that older pages never change when something new arrives.

The live page (number 0) has the newest items: at least ``size`` of them when there are so many, so that it
is never nearly empty, and fewer than twice as many. Page 1 has the oldest; every older page has exactly
``size``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


def count_older_pages(length: int, size: int) -> int:
    """Return how many older pages a list of this length is cut into."""
    return max(length // size - 1, 0)


def cut_page(items: Sequence[T], size: int, number: int) -> Sequence[T]:
    """Return one page of a list that is newest first: an older one by its number, or (0) the live one."""
    if number:
        return items[len(items) - number * size : len(items) - (number - 1) * size]
    return items[: len(items) - count_older_pages(len(items), size) * size]
