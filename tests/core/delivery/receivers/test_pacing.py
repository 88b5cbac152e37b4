"""Pauses, slow start, turns and shares of a group, as functions of what is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsfeed.core.delivery.receivers import pacing
from newsfeed.core.delivery.receivers.pacing import Tally
from newsfeed.receiver_ports import ReceiverState
from newsfeed.service_settings import ReceiverLimits

NOW = datetime(2030, 2, 4, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIMITS = ReceiverLimits(connections=4, messages=100, pause=5 * MINUTE, longest_pause=HOUR)
FRESH = ReceiverState(name="orange")

limits = st.builds(
    ReceiverLimits,
    connections=st.integers(1, 50),
    per_second=st.sampled_from([0.1, 0.5, 1.0, 3.0, 20.0, 250.0]),
    pause=st.timedeltas(timedelta(seconds=1), HOUR),
    longest_pause=st.timedeltas(timedelta(seconds=1), DAY),
    most_unknown=st.floats(0, 0.2),
    most_complaints=st.floats(0, 0.02),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("pause"), st.timedeltas(timedelta(0), 2 * HOUR)),
        st.tuples(
            st.builds(Tally, st.integers(0, 500), st.integers(0, 20), st.integers(0, 5)),
            st.timedeltas(timedelta(0), 2 * HOUR),
        ),
    ),
    max_size=30,
)


def test_a_fresh_group_has_all_its_connections() -> None:
    """Nothing is known against it."""
    assert pacing.allow_connections(FRESH, LIMITS, NOW) == 4
    assert not pacing.is_paused(FRESH, LIMITS, NOW)


def test_a_pause_ends_and_slow_start_follows() -> None:
    """No connection, then one, then one more for each twenty messages; and then it is as if nothing was."""
    state = pacing.pause(FRESH, LIMITS, NOW, "421 busy")
    assert state.reason == "421 busy"
    assert pacing.allow_connections(state, LIMITS, NOW + 5 * MINUTE - timedelta(seconds=1)) == 0
    later = NOW + 5 * MINUTE
    seen = []
    for _ in range(9):
        seen.append(pacing.allow_connections(state, LIMITS, later))
        state = pacing.note(state, LIMITS, Tally(taken=10), later)
    assert seen == [1, 1, 2, 2, 3, 3, 4, 4, 4]
    assert (state.allowed, state.pauses) == (0, 0)


def test_pauses_in_a_row_double_up_to_the_longest() -> None:
    """Several connections hear of one trouble: that is one pause."""
    state, now, lengths = FRESH, NOW, []
    for _ in range(6):
        state = pacing.pause(state, LIMITS, now, "421")
        assert pacing.pause(state, LIMITS, now + MINUTE, "421 again") == state
        assert state.paused_until is not None
        lengths.append(state.paused_until - now)
        now = state.paused_until
        state = pacing.note(state, LIMITS, Tally(taken=19), now)  # too few to be trusted
    assert lengths == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE, HOUR, HOUR]


def test_unknown_users_pause_a_group_for_long() -> None:
    """More than the share of a hundred at least: a few among the first are no share yet."""
    state = pacing.note(FRESH, LIMITS, Tally(unknown=5), NOW)
    assert not pacing.is_paused(state, LIMITS, NOW)
    state = pacing.note(state, LIMITS, Tally(taken=10, unknown=1), NOW)
    assert state.paused_until == NOW + HOUR
    assert (state.reason, state.unknown, state.latest) == ("unknown", 0, 0)
    assert state.sent == 16


def test_unknown_users_are_counted_among_the_latest() -> None:
    """Fifty thousand good addresses do not excuse a hundred bad ones after them."""
    state = FRESH
    for _ in range(500):
        state = pacing.note(state, LIMITS, Tally(taken=100), NOW)
    bad = 0
    while not pacing.is_paused(state, LIMITS, NOW):
        state = pacing.note(state, LIMITS, Tally(unknown=1), NOW)
        bad += 1
    assert 20 < bad < 60
    assert state.sent == 50_000 + bad


def test_complaints_are_counted_among_all_of_a_week() -> None:
    """Four of a thousand are too many, four of ten thousand are not; older ones count half."""
    few = pacing.note(FRESH, LIMITS, Tally(taken=100), NOW)
    assert pacing.note(few, LIMITS, Tally(complaints=4), NOW + DAY).reason == "complaints"
    assert pacing.note(few, LIMITS, Tally(complaints=3), NOW + DAY).reason == ""
    many = pacing.note(FRESH, LIMITS, Tally(taken=10_000), NOW)
    assert pacing.note(many, LIMITS, Tally(complaints=30), NOW + DAY).reason == ""
    assert pacing.note(many, LIMITS, Tally(complaints=31), NOW + DAY).reason == "complaints"
    old = pacing.note(many, LIMITS, Tally(complaints=30), NOW + DAY)
    assert pacing.note(old, LIMITS, Tally(taken=1), NOW + 8 * DAY).complaints == 15


def test_a_share_of_nought_never_pauses() -> None:
    """Whoever sends through a relay that cleans lists may not want it."""
    free = replace(LIMITS, most_unknown=0.0, most_complaints=0.0)
    assert pacing.note(FRESH, free, Tally(taken=1, unknown=99, complaints=99), NOW).paused_until is None


def test_whoever_resumes_a_group_begins_anew() -> None:
    """With slow start, and without what was counted."""
    state = pacing.note(FRESH, LIMITS, Tally(unknown=20, complaints=1), NOW)
    state = pacing.resume(state)
    assert pacing.allow_connections(state, LIMITS, NOW) == 1
    assert (state.unknown, state.complaints, state.sent, state.pauses) == (0, 0, 0, 0)


def test_a_clock_set_back_ends_a_pause() -> None:
    """It would last for years."""
    state = pacing.pause(FRESH, LIMITS, NOW + 900 * DAY, "421")
    assert not pacing.is_paused(state, LIMITS, NOW)
    fast = replace(LIMITS, per_second=2.0)
    state, _, _ = pacing.take_turns(FRESH, fast, NOW + 900 * DAY)
    assert pacing.take_turns(state, fast, NOW)[1] == NOW


@pytest.mark.parametrize(("rate", "number"), [(0.1, 1), (1.0, 1), (20.0, 20), (50.5, 50)])
def test_turns_are_taken_by_the_second(rate: float, number: int) -> None:
    """The next process gets those that follow."""
    fast = replace(LIMITS, per_second=rate)
    state, first, found = pacing.take_turns(FRESH, fast, NOW)
    assert found == number
    assert first <= NOW
    _, second, _ = pacing.take_turns(state, fast, NOW)
    assert second - first == timedelta(seconds=number / rate)


@given(limits, st.lists(st.timedeltas(timedelta(0), timedelta(seconds=3)), max_size=60))
def test_turns_never_exceed_the_rate(limits: ReceiverLimits, waits: list[timedelta]) -> None:
    """In no stretch of time are there more moments than the rate allows, and one of lateness."""
    state, now, moments = FRESH, NOW, []
    for wait in waits:
        now += wait
        state, first, number = pacing.take_turns(state, limits, now)
        moments += [first + timedelta(seconds=place / limits.per_second) for place in range(number)]
    assert moments == sorted(moments)
    for here, start in enumerate(moments):
        for there in range(here + 1, len(moments)):
            least = (there - here) / limits.per_second
            assert (moments[there] - start).total_seconds() >= least - 1e-4


@given(limits, steps)
def test_connections_never_exceed_the_limit(
    limits: ReceiverLimits, steps: list[tuple[object, timedelta]]
) -> None:
    """Whatever happens: none while paused, one after a pause, and never more than the limit; pauses end."""
    state, now = FRESH, NOW
    for what, wait in steps:
        was = pacing.is_paused(state, limits, now)
        if isinstance(what, Tally):
            state = pacing.note(state, limits, what, now)
        else:
            state = pacing.pause(state, limits, now, "421")
        is_now = pacing.is_paused(state, limits, now)
        assert is_now or not was
        assert 0 <= pacing.allow_connections(state, limits, now) <= limits.connections
        assert (pacing.allow_connections(state, limits, now) == 0) == is_now
        if is_now and not was:
            assert state.paused_until is not None
            assert now < state.paused_until <= now + max(limits.longest_pause, limits.pause)
            assert pacing.allow_connections(state, limits, state.paused_until) == 1
        now += wait


@given(limits, st.integers(1, 400))
def test_one_by_one_is_as_all_at_once(limits: ReceiverLimits, taken: int) -> None:
    """Slow start does not depend on how often results are written down."""
    start = replace(FRESH, allowed=1)
    single = start
    for _ in range(taken):
        single = pacing.note(single, limits, Tally(taken=1), NOW)
    at_once = pacing.note(start, limits, Tally(taken=taken), NOW)
    assert pacing.allow_connections(single, limits, NOW) == pacing.allow_connections(at_once, limits, NOW)
