"""Times in feeds."""

from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from hypothesis import given
from hypothesis import strategies as st

from newsfeed.render.feeds.times import rfc822, rfc3339

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(timezones=offsets).filter(lambda moment: 1 < moment.year < 9999)


@given(moments.filter(lambda moment: moment.year > 1000))  # of earlier years, readers make two digits
def test_a_time_of_rss_is_read_as_the_same(moment: datetime) -> None:
    """To the second, in Greenwich."""
    assert rfc822(moment).endswith(" GMT")
    assert parsedate_to_datetime(rfc822(moment)) == moment.replace(microsecond=0)


@given(moments)
def test_a_time_of_atom_is_read_as_the_same(moment: datetime) -> None:
    """With a Z."""
    assert rfc3339(moment).endswith("Z")
    assert datetime.fromisoformat(rfc3339(moment)) == moment
