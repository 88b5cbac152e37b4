"""What is counted for limits: within its window, and no more of it than there is room for."""

import pytest
from limits import parse
from limits.strategies import MovingWindowRateLimiter

from newsfeed.web.rate_store import RateStore


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        """The moment."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock."""
    return Clock()


def test_a_window_moves(clock: Clock) -> None:
    """Three in ten seconds, whichever ten; a refused one does not count."""
    store = RateStore(clock)
    assert [store.acquire_entry("a", 3, 10) for _ in range(4)] == [True, True, True, False]
    assert store.get_moving_window("a", 3, 10) == (1_000.0, 3)
    clock.now += 9
    assert not store.acquire_entry("a", 3, 10)
    clock.now += 2
    assert store.get_moving_window("a", 3, 10) == (clock.now, 0)
    assert store.acquire_entry("a", 3, 10)
    assert store.acquire_entry("b", 1, 10)
    assert not store.acquire_entry("b", 1, 10)


def test_it_serves_the_library(clock: Clock) -> None:
    """Which tells when a window ends, and how much is left."""
    limiter, limit = MovingWindowRateLimiter(RateStore(clock)), parse("2/minute")
    assert limiter.hit(limit, "asking", "192.0.2.1")
    clock.now += 20
    assert limiter.test(limit, "asking", "192.0.2.1")
    assert limiter.hit(limit, "asking", "192.0.2.1")
    assert not limiter.test(limit, "asking", "192.0.2.1")
    assert limiter.get_window_stats(limit, "asking", "192.0.2.1") == (1_060.0, 0)


def test_what_is_over_is_forgotten(clock: Clock) -> None:
    """With its name: nobody's network stays in memory for longer than its limit."""
    store = RateStore(clock)
    for number in range(500):
        store.acquire_entry(f"minute {number}", 1, 60)
        store.acquire_entry(f"hour {number}", 1, 3_600)
    assert len(store) == 1_000
    clock.now += 61
    store.acquire_entry("somebody", 1, 60)
    assert len(store) == 501
    clock.now += 3_600
    store.acquire_entry("somebody", 1, 60)
    assert len(store) == 1


def test_of_a_flood_only_the_latest_is_remembered(clock: Clock) -> None:
    """Memory has a bound; what was counted lately counts, and limits of another length are not touched."""
    store = RateStore(clock, most=100)
    assert store.acquire_entry("reader", 1, 86_400)
    for number in range(10_000):
        assert store.acquire_entry(f"network {number}", 2, 60)
        assert len(store) <= 102
    assert not store.acquire_entry("reader", 1, 86_400)
    assert store.acquire_entry("network 9999", 2, 60)
    assert not store.acquire_entry("network 9999", 2, 60)


def test_names_and_everything_can_be_cleared(clock: Clock) -> None:
    """As the library's users may ask; fixed windows are not kept."""
    store = RateStore(clock)
    assert store.check()
    for name in ("a", "b", "b"):
        store.acquire_entry(name, 5, 60)
    store.clear("b")
    assert store.get_moving_window("a", 5, 60)[1] == 1
    assert store.get_moving_window("b", 5, 60)[1] == 0
    assert store.reset() == 1
    assert len(store) == 0
    for call in (lambda: store.incr("a", 1), lambda: store.get("a"), lambda: store.get_expiry("a")):
        with pytest.raises(NotImplementedError):
            call()
