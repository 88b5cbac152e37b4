"""`newsfeed.core.digests.planning`: single cases; `test_planning_machine` has the weeks of all of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsfeed.core.digests import planning, slots
from newsfeed.model import Item, Story
from newsfeed.records import Subscriber, Subscription
from newsfeed.settings import Digest, LocalisedText

DIGEST = Digest("d", LocalisedText("D"), slots.parse_schedule("mon 08:00"), ZoneInfo("Europe/Berlin"), "a")


def _slot(key, digest=DIGEST):
    local = datetime.fromisoformat(key)
    return slots.resolve_slot(local.date(), local.time(), digest.timezone)


def _story(moment):
    item = Item("p", "en", "T", "", "t", "f", "t")
    return Story(id="s", original="en", items={"en": item}, date=moment, updated=moment)


def _reader(frequency="every"):
    place = Subscription(digest="d", frequency=frequency)
    return Subscriber(
        id=1, key="k", address="a@b.example", languages=("en",), state="active", subscriptions={"d": place}
    )


def _groups(key, stories=(), frequency="every", planned=(), digest=DIGEST):
    return planning.group_readers(
        [_reader(frequency)], stories, digest, _slot(key), {}, {"en": ("en",)}, planned
    )


@pytest.mark.parametrize(
    ("age", "owed"),
    [(timedelta(0), True), (timedelta(27), True), (timedelta(28), False), (timedelta(-1), False)],
)
def test_a_newcomer_gets_what_the_horizon_holds(age, owed):
    """And nothing of tomorrow."""
    assert bool(_groups("2026-02-02T08:00", [_story(_slot("2026-02-02T08:00").instant - age)])) == owed


def test_an_outage_makes_nothing_too_old():
    """The horizon is counted from the first slot that was missed."""
    planned = ["2026-01-05T08:00"]
    story = _story(_slot("2026-01-12T08:00").instant - timedelta(days=27))
    assert _groups("2026-02-09T08:00", [story], planned=planned)
    assert not _groups("2026-02-09T08:00", [story])


def test_monthly_readers_get_the_first_issue_there_is():
    """Not the calendar's first, which may have been missed; over the change of the clock."""
    story = _story(datetime(2026, 3, 3, tzinfo=UTC))
    march = ["2026-03-02T08:00"]
    assert not _groups("2026-03-30T08:00", [story], "monthly", march)
    assert _groups("2026-04-06T08:00", [story], "monthly", march)
    assert _groups("2026-04-13T08:00", [story], "monthly", march)


@pytest.mark.parametrize(("empty", "groups"), [("skip", 0), ("note", 1)])
def test_an_empty_issue(empty, groups):
    """Is skipped, or says so."""
    assert len(_groups("2026-02-02T08:00", digest=replace(DIGEST, when_empty=empty))) == groups


def test_each_missed_slot_gets_its_own_issue_where_that_is_wanted():
    """Oldest first, then nothing; a first start does not make up for the years before."""
    each = replace(DIGEST, missed="each")
    now = _slot("2026-03-30T08:00").instant + timedelta(hours=1)
    planned, made = ["2026-03-09T08:00"], []
    while (slot := planning.find_due_slot(each, planned, now)) is not None:
        made.append(slot.key)
        planned.append(slot.key)
    assert made == ["2026-03-16T08:00", "2026-03-23T08:00", "2026-03-30T08:00"]
    assert planning.find_due_slot(each, [], now) == _slot("2026-03-30T08:00")


def test_the_next_slot_is_one_that_has_no_issue():
    """A round whose clock was set ahead has used up slots to come."""
    now = datetime(2026, 2, 3, tzinfo=UTC)
    ahead = {DIGEST.name: {"2026-02-09T08:00", "2026-02-16T08:00"}}
    assert planning.find_next_slots([DIGEST], now)[DIGEST.name].key == "2026-02-09T08:00"
    assert planning.find_next_slots([DIGEST], now, ahead)[DIGEST.name].key == "2026-02-23T08:00"
    assert planning.find_next_slots([DIGEST], now, {"other": ahead[DIGEST.name]}).keys() == {DIGEST.name}


def test_missed_slots_fold_into_the_newest():
    """And a planned one is not due again."""
    now = datetime(2026, 2, 10, tzinfo=UTC)
    assert planning.find_due_slot(DIGEST, ["2026-01-05T08:00"], now).key == "2026-02-09T08:00"
    assert planning.find_due_slot(DIGEST, ["2026-02-09T08:00"], now) is None
