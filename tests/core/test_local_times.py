"""Local times in gaps and folds mean one moment each."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from newsfeed.core.content.fields import parse_moment
from newsfeed.core.local_times import resolve_local

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("zone", "local", "moment"),
    [
        ("Europe/Berlin", "2026-03-29 01:59", "2026-03-29 00:59"),
        ("Europe/Berlin", "2026-03-29 02:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),
        ("Pacific/Apia", "2011-12-30 08:00", "2011-12-30 10:00"),
    ],
)
def test_a_local_time_means_the_first_moment_that_it_can(zone, local, moment):
    """After a gap, and the first of two."""
    found = resolve_local(datetime.fromisoformat(local), ZoneInfo(zone))
    assert found == datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_a_date_in_a_gap_is_the_first_moment_after_it():
    """As for the schedule of a digest: so a story is not published an hour after the one it was to follow."""
    for text in ("2026-03-29 02:30", "2026-03-29 02:00", "2026-03-29T02:59:59"):
        assert parse_moment(text, BERLIN) == datetime(2026, 3, 29, 3, tzinfo=BERLIN)
    assert parse_moment("2026-03-29 02:30+01:00", BERLIN) == datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)
    assert parse_moment("2011-12-30", ZoneInfo("Pacific/Apia")) == datetime(2011, 12, 30, 10, tzinfo=UTC)
