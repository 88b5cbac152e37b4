"""Conditional requests: entity tags and dates, in the order of RFC 9110 13.2.2."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.http.conditions import evaluate_conditions, format_http_date, names_etag, parse_http_date

TAG = b'"0123abcd-gz"'
MODIFIED = 784_111_777
DATE = b"Sun, 06 Nov 1994 08:49:37 GMT"
EARLIER = b"Sun, 06 Nov 1994 08:49:36 GMT"
OTHER = b'"0123abcd"'


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({b"if-none-match": TAG}, 304),
        ({b"if-none-match": b"W/" + TAG}, 304),
        ({b"if-none-match": b"*"}, 304),
        ({b"if-none-match": OTHER + b", W/" + TAG}, 304),
        ({b"if-none-match": OTHER}, 200),
        ({b"if-none-match": TAG[1:-1]}, 200),
        ({b"if-none-match": b""}, 200),
        ({b"if-none-match": OTHER, b"if-modified-since": DATE}, 200),
        ({b"if-none-match": TAG, b"if-modified-since": EARLIER}, 304),
        ({b"if-modified-since": DATE}, 304),
        ({b"if-modified-since": b"Sunday, 06-Nov-94 08:49:37 GMT"}, 304),
        ({b"if-modified-since": b"Sun Nov  6 08:49:37 1994"}, 304),
        ({b"if-modified-since": EARLIER}, 200),
        ({b"if-modified-since": b"yesterday"}, 200),
        ({b"if-match": TAG}, 200),
        ({b"if-match": b"*"}, 200),
        ({b"if-match": b"W/" + TAG}, 412),
        ({b"if-match": OTHER}, 412),
        ({b"if-match": TAG, b"if-unmodified-since": EARLIER}, 200),
        ({b"if-unmodified-since": EARLIER}, 412),
        ({b"if-unmodified-since": DATE, b"if-none-match": TAG}, 304),
        ({b"if-unmodified-since": b"\xff"}, 200),
    ],
)
def test_conditions_lead_to_a_status(headers: dict[bytes, bytes], status: int) -> None:
    """Tags count more than dates, weak ones only where that is allowed, and nonsense counts for nothing."""
    assert evaluate_conditions(headers, TAG, MODIFIED) == status


@given(
    st.lists(
        st.tuples(st.booleans(), st.text("abc,é!#~ ", max_size=4).map(lambda one: one.replace(" ", ""))),
        max_size=6,
    )
)
def test_a_list_names_the_tags_that_are_in_it(tags: list[tuple[bool, str]]) -> None:
    """Also when commas stand inside of the quotes."""
    header = ", ".join(f'{"W/" if weak else ""}"{tag}"' for weak, tag in tags).encode("latin-1")
    for _, tag in [*tags, (False, "abc")]:
        found = names_etag(header, f'"{tag}"'.encode("latin-1"), weak=True)
        assert found == (tag in [one for _, one in tags])
        strong = names_etag(header, f'"{tag}"'.encode("latin-1"), weak=False)
        assert strong == ((False, tag) in tags)


@given(st.binary(max_size=40))
def test_any_header_can_be_read(header: bytes) -> None:
    """What is no date is none; nothing raises."""
    assert parse_http_date(header) is None or isinstance(parse_http_date(header), int)
    assert evaluate_conditions({b"if-none-match": header, b"if-modified-since": header}, TAG, 0) in {200, 304}


@given(st.integers(0, 253_370_764_800))
def test_dates_are_written_as_they_are_read(seconds: int) -> None:
    """In the preferred form, whatever the machine's language is."""
    aware = datetime.fromtimestamp(seconds, UTC)
    written = format_http_date(int(aware.timestamp()))
    assert written.decode() == format_datetime(aware, usegmt=True)
    assert parse_http_date(written) == int(aware.timestamp())
