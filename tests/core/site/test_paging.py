"""Lists in pages: nothing is lost, and old pages never change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.site.paging import count_older_pages, cut_page

SIZES = st.integers(min_value=1, max_value=12)
LENGTHS = st.integers(min_value=0, max_value=100)


def newest_first(length: int) -> list[int]:
    """A list of numbers, of which 1 is the oldest."""
    return list(range(length, 0, -1))


def pages_of(items: list[int], size: int) -> tuple[list[int], list[list[int]]]:
    """The live page of a list, and its older pages from the first on."""
    numbers = range(1, count_older_pages(len(items), size) + 1)
    return list(cut_page(items, size, 0)), [list(cut_page(items, size, number)) for number in numbers]


@pytest.mark.parametrize(
    ("length", "live", "older"),
    [
        (0, [], []),
        (1, [1], []),
        (3, [3, 2, 1], []),
        (5, [5, 4, 3, 2, 1], []),
        (6, [6, 5, 4], [[3, 2, 1]]),
        (8, [8, 7, 6, 5, 4], [[3, 2, 1]]),
        (9, [9, 8, 7], [[3, 2, 1], [6, 5, 4]]),
    ],
)
def test_a_list_in_pages_of_three(length, live, older):
    """Page 1 holds the oldest; the live page grows until it has two pages' worth."""
    assert pages_of(newest_first(length), 3) == (live, older)


@given(LENGTHS, SIZES)
def test_pages_hold_every_item_once_in_order(length, size):
    """The live page, then the older ones from the last to the first, are the list."""
    items = newest_first(length)
    live, older = pages_of(items, size)
    assert [*live, *(item for page in reversed(older) for item in page)] == items


@given(LENGTHS, SIZES)
def test_the_live_page_is_never_nearly_empty(length, size):
    """It has at least a page's worth when there is so much, and fewer than two."""
    live, older = pages_of(newest_first(length), size)
    assert min(size, length) <= len(live) < 2 * size or length == 0
    assert all(len(page) == size for page in older)


@given(LENGTHS, SIZES, st.integers(min_value=1, max_value=30))
def test_what_is_new_never_changes_an_older_page(length, size, arrivals):
    """However many items arrive at the front, page n stays page n."""
    _, before = pages_of(newest_first(length), size)
    _, after = pages_of(newest_first(length + arrivals), size)
    assert after[: len(before)] == before
