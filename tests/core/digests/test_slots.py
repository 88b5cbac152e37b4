"""When a digest is due, also on the nights when the clock is changed."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.core.digests.slots import find_last_slot, find_next_slot, parse_schedule, resolve_slot
from newsfeed.settings import DigestSchedule
from tests.examples import examples

ZONES = (
    "UTC",
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
)


def moment(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "schedule"),
    [
        ("mon 08:00", DigestSchedule(time(8), weekdays=(0,))),
        ("mon,thu 08:00", DigestSchedule(time(8), weekdays=(0, 3))),
        ("thu,mon,thu 8:05", DigestSchedule(time(8, 5), weekdays=(0, 3))),
        ("  SUN   23:59 ", DigestSchedule(time(23, 59), weekdays=(6,))),
        ("daily 00:00", DigestSchedule(time(0), weekdays=(0, 1, 2, 3, 4, 5, 6))),
        ("monthly 1 08:00", DigestSchedule(time(8), monthdays=(1,))),
        ("monthly 15,1,15 08:00", DigestSchedule(time(8), monthdays=(1, 15))),
        ("monthly 31 08:00", DigestSchedule(time(8), monthdays=(31,))),
    ],
)
def test_a_schedule_is_days_and_a_time(text, schedule):
    """Weekdays, every day, or days of the month; each once, in order."""
    assert parse_schedule(text) == schedule


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mon",
        "08:00",
        "mon 8",
        "mon 8:0",
        "mon 24:00",
        "mon 08:60",
        "monday 08:00",
        "mon, thu 08:00",
        "mon,daily 08:00",
        "mon,,thu 08:00",
        "monthly 08:00",
        "monthly 0 08:00",
        "monthly 32 08:00",
        "monthly 1,40 08:00",
        "monthly -1 08:00",
        "monthly 1, 15 08:00",
        "weekly 08:00",
        "mon 08:00 CET",
        "mon 08:00:00",
    ],
)
def test_anything_else_is_no_schedule(text):
    """Nothing is guessed."""
    assert parse_schedule(text) is None


@pytest.mark.parametrize(
    ("zone", "day", "at", "instant"),
    [
        pytest.param("UTC", "2026-03-29", "02:30", "2026-03-29T02:30", id="UTC has no gaps"),
        pytest.param("Europe/Berlin", "2026-03-28", "02:30", "2026-03-28T01:30", id="Berlin before"),
        pytest.param("Europe/Berlin", "2026-03-29", "01:59", "2026-03-29T00:59", id="Berlin last minute"),
        pytest.param("Europe/Berlin", "2026-03-29", "02:00", "2026-03-29T01:00", id="Berlin gap starts"),
        pytest.param("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00", id="Berlin gap"),
        pytest.param("Europe/Berlin", "2026-03-29", "03:00", "2026-03-29T01:00", id="Berlin gap ends"),
        pytest.param("Europe/Berlin", "2026-10-25", "02:00", "2026-10-25T00:00", id="Berlin fold starts"),
        pytest.param("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30", id="Berlin fold"),
        pytest.param("Europe/Berlin", "2026-10-25", "03:00", "2026-10-25T02:00", id="Berlin fold ends"),
        pytest.param("Europe/Dublin", "2026-03-29", "01:30", "2026-03-29T01:00", id="Dublin gap"),
        pytest.param("Europe/Dublin", "2026-10-25", "01:30", "2026-10-25T00:30", id="Dublin fold"),
        pytest.param("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:00", id="New York gap"),
        pytest.param("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30", id="New York fold"),
        pytest.param("America/Sao_Paulo", "2018-11-04", "00:30", "2018-11-04T03:00", id="São Paulo midnight"),
        pytest.param("America/Sao_Paulo", "2018-02-17", "23:30", "2018-02-18T01:30", id="São Paulo fold"),
        pytest.param("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30", id="half an hour gap"),
        pytest.param("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45", id="half an hour fold"),
        pytest.param("Africa/Casablanca", "2023-04-23", "02:30", "2023-04-23T02:00", id="after Ramadan"),
        pytest.param("Africa/Casablanca", "2023-03-19", "02:30", "2023-03-19T01:30", id="into Ramadan"),
        pytest.param("Antarctica/Troll", "2023-03-26", "01:30", "2023-03-26T01:00", id="two hours gap"),
        pytest.param("Antarctica/Troll", "2023-10-29", "02:30", "2023-10-29T00:30", id="two hours fold"),
        pytest.param("Pacific/Apia", "2011-12-30", "08:00", "2011-12-30T10:00", id="a day that never was"),
        pytest.param("Asia/Kathmandu", "2026-01-01", "08:00", "2026-01-01T02:15", id="Kathmandu"),
        pytest.param("Pacific/Kiritimati", "2026-01-01", "08:00", "2025-12-31T18:00", id="Kiritimati"),
    ],
)  # fmt: skip
def test_a_local_time_means_one_instant(zone, day, at, instant):
    """In a gap the first moment after it, in a fold the first of the two."""
    slot = resolve_slot(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(zone))
    assert slot.instant == moment(instant)
    assert slot.key == f"{day}T{at}"


@pytest.mark.parametrize(
    ("schedule", "now", "last", "following"),
    [
        ("mon 08:00", "2026-01-07T12:00", "2026-01-05T08:00", "2026-01-12T08:00"),
        ("mon 08:00", "2026-01-05T06:59:59", "2025-12-29T08:00", "2026-01-05T08:00"),
        ("mon 08:00", "2026-01-05T07:00", "2026-01-05T08:00", "2026-01-12T08:00"),
        ("daily 07:30", "2026-07-01T05:30", "2026-07-01T07:30", "2026-07-02T07:30"),
        ("daily 07:30", "2026-07-01T05:29", "2026-06-30T07:30", "2026-07-01T07:30"),
        ("daily 00:00", "2026-01-05T23:00", "2026-01-06T00:00", "2026-01-07T00:00"),
        ("daily 23:59", "2026-01-05T23:30", "2026-01-05T23:59", "2026-01-06T23:59"),
        ("monthly 31 08:00", "2026-03-01T00:00", "2026-01-31T08:00", "2026-03-31T08:00"),
        ("monthly 31 08:00", "2026-10-31T06:00", "2026-08-31T08:00", "2026-10-31T08:00"),
        ("monthly 29 08:00", "2027-03-01T00:00", "2027-01-29T08:00", "2027-03-29T08:00"),
        ("monthly 1,15 08:00", "2026-02-10T00:00", "2026-02-01T08:00", "2026-02-15T08:00"),
        ("daily 02:30", "2026-03-29T00:59", "2026-03-28T02:30", "2026-03-29T02:30"),
        ("daily 02:30", "2026-03-29T01:00", "2026-03-29T02:30", "2026-03-30T02:30"),
        ("daily 02:30", "2026-10-25T00:30", "2026-10-25T02:30", "2026-10-26T02:30"),
        ("daily 02:30", "2026-10-25T01:30", "2026-10-25T02:30", "2026-10-26T02:30"),
    ],
)
def test_the_last_and_the_next_slot_around_a_moment(schedule, now, last, following):
    """In Berlin, seen from UTC: a slot counts from its very moment on."""
    plan = parse_schedule(schedule)
    assert plan is not None
    zone = ZoneInfo("Europe/Berlin")
    assert find_last_slot(plan, zone, moment(now)).key == last
    assert find_next_slot(plan, zone, moment(now)).key == following


SCHEDULES = st.builds(
    lambda at, weekdays, monthdays: (
        DigestSchedule(at, weekdays=tuple(sorted(weekdays)))
        if weekdays
        else DigestSchedule(at, monthdays=tuple(sorted(monthdays)))
    ),
    st.one_of(
        st.times().map(lambda at: at.replace(second=0, microsecond=0)),
        st.builds(time, st.integers(0, 3), st.sampled_from([0, 15, 30, 45, 59])),
    ),
    st.sets(st.integers(0, 6), max_size=7),
    st.sets(st.integers(1, 31), min_size=1, max_size=4),
)
TURNS = [
    moment(text)
    for text in (
        "2026-03-29T01:00",  # Europe
        "2026-10-25T01:00",
        "2026-03-08T07:00",  # New York
        "2026-11-01T06:00",
        "2018-11-04T03:00",  # São Paulo
        "2018-02-18T02:00",
        "2026-10-03T15:30",  # Lord Howe
        "2026-04-04T15:00",
        "2023-03-19T02:00",  # Casablanca
        "2023-04-23T02:00",
        "2023-03-26T01:00",  # Troll
        "2023-10-29T01:00",
        "2026-09-26T14:00",  # Chatham
        "2026-04-04T14:00",
    )
]
"""Instants at which clocks are changed."""
MOMENTS = st.one_of(
    st.datetimes(
        min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - made aware by the strategy
        max_value=datetime(2035, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    st.builds(
        lambda turn, minutes: turn + timedelta(minutes=minutes),
        st.sampled_from(TURNS),
        st.integers(-26 * 60, 26 * 60),
    ),
)


@given(SCHEDULES, st.sampled_from(ZONES), MOMENTS)
@settings(max_examples=examples(150), deadline=None)
def test_every_moment_lies_between_two_slots(schedule, name, now):
    """The last is not after it, the next is; and nothing lies between the two."""
    zone = ZoneInfo(name)
    last, following = find_last_slot(schedule, zone, now), find_next_slot(schedule, zone, now)
    assert last.instant <= now < following.instant
    assert find_next_slot(schedule, zone, last.instant) == following
    assert find_last_slot(schedule, zone, following.instant) == following
    assert find_last_slot(schedule, zone, following.instant - timedelta(seconds=1)) == last


@given(SCHEDULES, st.sampled_from(ZONES), MOMENTS)
@settings(max_examples=examples(60), deadline=None)
def test_every_slot_happens_once_and_in_order(schedule, name, now):
    """Walking from slot to slot, instants rise strictly and no key repeats."""
    zone = ZoneInfo(name)
    slots = [find_last_slot(schedule, zone, now)]
    for _ in range(12):
        slots.append(find_next_slot(schedule, zone, slots[-1].instant))
    assert len({slot.key for slot in slots}) == 13
    assert all(one.instant < other.instant for one, other in pairwise(slots))
    assert all(slot.instant.microsecond == 0 for slot in slots)


@given(st.sampled_from(ZONES), st.dates(date(2000, 1, 1), date(2035, 1, 1)), st.times())
@settings(max_examples=examples(150), deadline=None)
def test_a_slot_is_its_local_time_or_the_end_of_a_gap(name, day, at):
    """Where the local time exists, the slot shows it; where not, it is later on the clock."""
    zone = ZoneInfo(name)
    local_time = at.replace(second=0, microsecond=0)
    slot = resolve_slot(day, local_time, zone)
    shown = slot.instant.astimezone(zone).replace(tzinfo=None)
    asked = datetime.combine(day, local_time)
    assert shown >= asked
    assert (
        shown == asked or (slot.instant - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) < asked
    )


@given(st.text(max_size=25))
@settings(max_examples=examples(100), deadline=None)
def test_no_text_makes_the_reader_of_schedules_raise(text):
    """A schedule or nothing."""
    schedule = parse_schedule(text)
    assert schedule is None or schedule.weekdays or schedule.monthdays


@pytest.mark.parametrize("find", [find_last_slot, find_next_slot])
def test_a_schedule_without_days_is_a_mistake_of_the_program(find):
    """The configuration cannot say one."""
    with pytest.raises(AssertionError, match="every schedule has a slot within two months"):
        find(DigestSchedule(time(8)), ZoneInfo("UTC"), moment("2026-01-01T00:00"))
