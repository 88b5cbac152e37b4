"""Moments in feeds."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

from hypothesis import given
from hypothesis import strategies as st

from newsfeed.render.feeds._times import rfc822, utc

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(timezones=offsets).filter(lambda moment: 1 < moment.year < 9999)


@given(moments)
def test_a_moment_of_rss_is_what_the_standard_library_writes(moment: datetime) -> None:
    """In every zone, in every year."""
    assert rfc822(moment) == format_datetime(moment.astimezone(UTC), usegmt=True)


@given(moments)
def test_a_moment_of_atom_is_read_as_the_same(moment: datetime) -> None:
    """With a Z."""
    assert utc(moment).endswith("Z")
    assert datetime.fromisoformat(utc(moment)) == moment
