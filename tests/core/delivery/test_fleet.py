"""Which workers and services are well."""

from datetime import UTC, datetime, timedelta

import pytest

from newsfeed.core.delivery.fleet import SILENT, is_service_silent, is_well, measure_lag
from newsfeed.records import BatchCounts, WorkerRecord

NOW = datetime(2030, 2, 4, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WORKER = WorkerRecord(
    name="17-ab",
    host="mail1",
    queues=("send",),
    concurrency=2,
    started=NOW - timedelta(days=3),
    seen=NOW,
)


def test_a_worker_is_well_as_long_as_it_gives_signs_of_life() -> None:
    """By the clock that they were noted by; without that clock nobody can say."""
    assert is_well(WORKER, NOW)
    assert is_well(WORKER, NOW + SILENT - SECOND)
    assert not is_well(WORKER, NOW + SILENT)
    assert not is_well(WORKER, None)


def test_the_lag_is_that_of_the_batch_that_waits_longest() -> None:
    """None waits, or not yet by the clock of whoever asks: nothing lags."""
    assert measure_lag(BatchCounts(3, 1, NOW - 90 * SECOND), NOW) == 90.0
    assert measure_lag(BatchCounts(3, 3, None), NOW) == 0.0
    assert measure_lag(BatchCounts(3, 1, NOW + SECOND), NOW) == 0.0


@pytest.mark.parametrize(
    ("minutes", "is_ended", "expected"), [(2, False, False), (4, False, True), (4, True, False)]
)
def test_a_service_is_silent_after_three_minutes(minutes: int, expected: bool, *, is_ended: bool) -> None:
    """Unless it was told to end."""
    assert is_service_silent(timedelta(minutes=minutes), is_ended=is_ended) is expected
