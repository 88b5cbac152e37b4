"""What a forge has not heard yet: when it is told again, and when no more."""

from datetime import UTC, datetime, timedelta

import pytest

from newsfeed.core.publishing.waiting_status import (
    LONGEST,
    Failure,
    WaitingStatus,
    add_status,
    find_due,
    note_outcome,
    plan_retry,
    read_pause,
)
from newsfeed.marking import Sentence

NOW = datetime(2030, 2, 4, 9, tzinfo=UTC)
DOWN = Failure(Sentence("it is down"))


def status(commit: str = "a", minutes: int = 0) -> WaitingStatus:
    """Something to be said since some minutes."""
    since = NOW - timedelta(minutes=minutes)
    return WaitingStatus(commit=commit, good=True, text="published", since=since, next_try=since)


def test_pauses_grow_and_after_a_day_it_is_given_up() -> None:
    """With the reason of the last try."""
    one, now = status(), NOW
    pauses: list[timedelta] = []
    while not one.given_up:
        one = plan_retry(one, DOWN, now)
        pauses.append(one.next_try - now)
        now = one.next_try
    assert pauses[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15)]
    assert pauses == sorted(pauses)
    assert timedelta(hours=22) < now - pauses[-1] - NOW <= LONGEST
    assert (one.tries, one.reason) == (len(pauses), Sentence("it is down"))


def test_what_makes_no_sense_is_given_up_at_once() -> None:
    """It would fail at any time."""
    assert plan_retry(status(), Failure(Sentence("no"), is_final=True), NOW).given_up


def test_a_forge_that_wants_to_be_left_alone_is() -> None:
    """Longer than we would have waited; but not for ever."""
    hour = timedelta(hours=1)
    assert plan_retry(status(), Failure(Sentence("limit"), pause=hour), NOW).next_try == NOW + hour
    assert plan_retry(status(), Failure(Sentence("limit"), pause=2 * LONGEST), NOW).given_up


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"retry-after": "90"}, 90),
        ({"retry-after": "Mon, 04 Feb 2030 09:02:00 GMT"}, 120),
        ({"retry-after": "Mon, 04 Feb 2030 08:00:00 GMT"}, 0),
        ({"retry-after": "soon"}, 0),
        ({"retry-after": "9" * 14}, 86_400),
        ({"retry-after": "9" * 5000}, 0),
        ({"retry-after": "²"}, 0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{NOW.timestamp() + 600:.0f}"}, 600),
        ({"ratelimit-remaining": "0", "ratelimit-reset": f"{NOW.timestamp() + 60:.0f}"}, 60),
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": f"{NOW.timestamp() + 600:.0f}"}, 0),
        ({"x-ratelimit-remaining": "0"}, 0),
    ],
)
def test_how_long_a_forge_wants_to_be_left_alone(headers: dict[str, str], seconds: int) -> None:
    """In the words of each; nonsense is no wish."""
    assert read_pause(headers, NOW) == timedelta(seconds=seconds)


def test_the_newest_commit_is_told_first_and_a_clock_that_was_set_back_stops_nothing() -> None:
    """What is given up is not told."""
    old, new, far = status("old", 10), status("new", 5), status("far", -2000)
    gone = plan_retry(status("gone"), Failure(Sentence("no"), is_final=True), NOW)
    later = plan_retry(status("later"), DOWN, NOW)
    assert [one.commit for one in find_due([old, gone, new, later, far], NOW)] == ["far", "new", "old"]


def test_there_is_one_word_about_a_commit() -> None:
    """The newest; it takes the place of those that were given up, and there is no end to neither."""
    gone = plan_retry(status("gone"), Failure(Sentence("no"), is_final=True), NOW)
    assert add_status([status("a", 5), gone], status("a")) == (status("a"),)
    many: tuple[WaitingStatus, ...] = ()
    for number in range(50):
        many = add_status(many, status(str(number)))
    assert [one.commit for one in many] == [str(number) for number in range(30, 50)]


def test_what_became_of_a_try_is_noted() -> None:
    """Unless something else is to be said of that commit meanwhile. The others wait with it."""
    one, other, newer = status("a"), status("b"), status("a", -1)
    later = plan_retry(one, DOWN, NOW)
    assert note_outcome([one, other], one, None) == (other,)
    kept = note_outcome([one, other], one, later)
    assert [(two.commit, two.next_try, two.tries) for two in kept] == [
        ("b", later.next_try, 0),
        ("a", later.next_try, 1),
    ]
    assert [two.tries for two in note_outcome([newer], one, later)] == [0]
    gone = plan_retry(one, Failure(Sentence("no"), is_final=True), NOW)
    assert note_outcome([one, other], one, gone) == (other, gone)
