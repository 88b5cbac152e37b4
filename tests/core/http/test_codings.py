"""Content codings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.http.codings import IDENTITY, choose_coding

OURS = ("br", "gzip")


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (b"", IDENTITY),
        (b"gzip, deflate, br", "br"),
        (b"gzip", "gzip"),
        (b"GZIP", "gzip"),
        (b"x-gzip", "gzip"),
        (b"br;q=0.5, gzip;q=0.8", "gzip"),
        (b"br;q=0, gzip;q=0", IDENTITY),
        (b"*", "br"),
        (b"br;q=0, *", "gzip"),
        (b"*;q=0", IDENTITY),
        (b"identity", IDENTITY),
        (b"identity, gzip;q=0.5", IDENTITY),
        (b"identity;q=0.5, gzip", "gzip"),
        (b"gzip;q=2", IDENTITY),
        (b"gzip;level=9", IDENTITY),
        (b"deflate, zstd", IDENTITY),
        (b"gzip;q=0.001", "gzip"),
    ],
)
def test_the_coding_that_is_liked_best_is_chosen(header: bytes, coding: str) -> None:
    """By its weight; where several weigh the same, ours decides."""
    assert choose_coding(header, OURS) == coding


@given(st.binary(max_size=60))
def test_any_header_leads_to_a_coding_that_is_there(header: bytes) -> None:
    """Nothing raises."""
    assert choose_coding(header, OURS) in {*OURS, IDENTITY}
