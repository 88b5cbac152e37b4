"""Parts of files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.http.ranges import UNSATISFIABLE, Part, is_same_file, parse_range

DATE = b"Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (b"bytes=0-499", (0, 500)),
        (b"bytes=500-", (500, 1000)),
        (b"bytes=-1", (999, 1000)),
        (b"bytes=-5000", (0, 1000)),
        (b"bytes=0-5000", (0, 1000)),
        (b"BYTES = 1 - 1 ", (1, 2)),
        (b"bytes=1000-", UNSATISFIABLE),
        (b"bytes=-0", UNSATISFIABLE),
        (b"bytes=5-4", None),
        (b"bytes=-", None),
        (b"bytes=0-1,5-6", None),
        (b"lines=0-1", None),
        (b"bytes=a-b", None),
        (b"bytes=" + b"9" * 5000 + b"-", None),
    ],
)
def test_one_range_is_one_part(header: bytes, part: Part | None) -> None:
    """Of a file of a thousand bytes; what is none of our kind of range means the whole file."""
    assert parse_range(header, 1000) == part


def test_an_empty_file_has_no_parts() -> None:
    """Neither a first nor a last byte."""
    assert parse_range(b"bytes=0-", 0) == UNSATISFIABLE
    assert parse_range(b"bytes=-1", 0) == UNSATISFIABLE


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 50))
def test_a_part_is_what_was_asked_for(first: int, last: int, size: int) -> None:
    """As slices cut it."""
    part, data = parse_range(b"bytes=%d-%d" % (first, last), size), bytes(range(size))
    if part is not None:
        assert data[slice(*part)] == data[first : last + 1]


@pytest.mark.parametrize(
    ("header", "same"),
    [
        (b'"a"', True),
        (b'W/"a"', False),
        (b'"b"', False),
        (DATE, True),
        (b"Sun, 06 Nov 1994 08:49:38 GMT", False),
    ],
)
def test_a_download_goes_on_only_with_the_same_file(header: bytes, same: bool) -> None:
    """Named by a strong tag or by its exact date."""
    assert is_same_file(header, b'"a"', 784_111_777) is same
