"""`newsfeed.channels.smtp.rates`: never faster than asked, slower when told, and back again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsfeed.channels.smtp.rates import FLOOR, PATIENCE, RECOVERY, RateLimits, TokenBucket


def _uses(bucket: TokenBucket, gaps: list[float], slow_at: set[int] = frozenset()) -> list[float]:
    """Moments at which tokens taken at the ends of gaps may be used."""
    now, uses = 1000.0, []
    for number, gap in enumerate(gaps):
        now += gap
        if number in slow_at:
            bucket.slow_down(now)
        uses.append(now + bucket.take(now))
    return uses


@given(
    st.floats(0.05, 5000),
    st.lists(st.floats(0, 3), min_size=2, max_size=60),
    st.sets(st.integers(0, 59), max_size=5),
)
@settings(deadline=None)
def test_never_more_than_rate_times_time_and_a_burst(rate, gaps, slow_at):
    """Over any stretch of time, however tokens are asked for and however often it was slowed."""
    uses = sorted(_uses(TokenBucket(rate), gaps, slow_at))
    burst = max(rate / 10, 1.0)
    for first, start in enumerate(uses):
        for last in range(first + 1, len(uses)):
            allowed = max(rate, FLOOR) * (uses[last] - start) + burst
            assert last - first + 1 <= allowed + 1e-6


@given(st.floats(0.05, 5000), st.integers(2, 200))
@settings(deadline=None)
def test_a_busy_bucket_gives_the_whole_rate(rate, count):
    """Somebody who always wants more gets as much as is allowed, not less."""
    uses = _uses(TokenBucket(rate), [0.0] * count)
    assert uses[-1] - 1000.0 <= (count - 1) / rate + 1e-6


def test_without_a_limit_nobody_waits():
    """0 is no limit."""
    assert set(_uses(TokenBucket(), [0.0] * 1000)) == {1000.0}


def test_a_complaint_halves_the_rate_which_recovers_in_a_straight_line():
    """Half at once, three quarters half-way, all of it after a minute."""
    bucket = TokenBucket(100)
    bucket.slow_down(0)
    assert bucket.rate(0) == 50
    assert bucket.rate(RECOVERY / 4) == 75
    assert bucket.rate(RECOVERY / 2) == 100
    assert bucket.rate(RECOVERY * 9) == 100


def test_complaints_of_many_connections_count_once():
    """They hear of the same trouble within a second."""
    bucket = TokenBucket(100)
    for _ in range(8):
        bucket.slow_down(0)
    assert bucket.rate(0) == 50
    bucket.slow_down(1.5)
    assert bucket.rate(1.5) == pytest.approx((50 + 1.5 * 100 / RECOVERY) / 2)


def test_no_complaint_brings_it_to_a_stop():
    """The floor holds."""
    bucket = TokenBucket(10)
    for second in range(100):
        bucket.slow_down(second * 2.0)
    assert bucket.rate(200.0) >= FLOOR


def test_what_had_no_limit_gets_half_of_what_it_did():
    """And loses the limit when it has recovered."""
    bucket = TokenBucket()
    for number in range(4000):
        bucket.take(number / 1000)  # 1,000 a second
    bucket.slow_down(4.0)
    assert bucket.rate(4.0) == pytest.approx(500, rel=0.01)
    assert bucket.rate(4.0 + RECOVERY) == 0


def test_a_domain_that_complained_is_slowed_and_others_are_not():
    """A relay's limit stays as it was."""
    rates = RateLimits({"relay": 0.0})
    for number in range(100):
        assert rates.take_turn("relay", "slow.example", 1.0 + number / 50) == 0
    rates.slow_domain("relay", "slow.example", 3.0)
    assert rates.take_turn("relay", "fast.example", 3.0) == 0
    waits = [rates.take_turn("relay", "slow.example", 3.0) for _ in range(10)]
    assert waits[-1] > 0.1


def test_a_domain_whose_turn_is_far_away_is_put_off():
    """And the relay's tokens are not spent on it."""
    rates = RateLimits({"relay": 0.0}, per_domain=1.0)
    waits = [rates.take_turn("relay", "d.example", 0.0) for _ in range(4)]
    assert waits == [0, PATIENCE, None, None]
    assert rates.take_turn("relay", "d.example", PATIENCE) is not None


def test_a_turn_can_be_taken_only_if_nobody_waits_for_it():
    """Of relay and domain both, or of neither."""
    rates = RateLimits({"relay": 1.0}, per_domain=1.0)
    assert rates.take_free_turn("relay", "d.example", 0.0)
    assert not rates.take_free_turn("relay", "d.example", 0.5)
    assert not rates.take_free_turn("relay", "other.example", 0.5)
    assert rates.take_free_turn("relay", "other.example", 1.0)
    assert rates.take_turn("relay", "d.example", 1.0) == 1.0


def test_relays_have_a_pace_each():
    """One is slowed, the other is not."""
    rates = RateLimits({"a": 10.0, "b": 10.0})
    rates.slow_relay("a", 0.0)
    assert [rates.take_turn("a", "d.example", 0.0) for _ in range(3)] == [0, 0.2, 0.4]
    assert [rates.take_turn("b", "d.example", 0.0) for _ in range(3)] == pytest.approx([0, 0.1, 0.2])


def test_domains_are_forgotten_when_there_are_many():
    """A list with a million domains does not fill the memory."""
    rates = RateLimits({"relay": 0.0}, per_domain=5.0, most_domains=10)
    for number in range(1000):
        rates.take_turn("relay", f"d{number}.example", number * 1.0)
    assert len(rates._domains) <= 10
