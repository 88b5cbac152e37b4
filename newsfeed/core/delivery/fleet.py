"""Decide which workers and services are well, and how long what they send has waited for one of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.records import BatchCounts, WorkerRecord

SILENT = timedelta(seconds=30)
"""After so long without a sign of life a person wants to know: several were due meanwhile."""
SERVICE_SILENT = timedelta(minutes=3)
"""For a service, whose rounds take a minute at most."""


def is_well(worker: WorkerRecord, clock: datetime | None) -> bool:
    """Tell whether a worker has given a sign of life of late. ``clock``: the database's, by which workers
    note them; machines disagree about the time.
    """
    return clock is not None and clock - worker.seen < SILENT


def is_service_silent(since: timedelta, *, is_ended: bool) -> bool:
    """Tell whether a service that has not ended gives no sign of life. ``since``: the time since its last."""
    return not is_ended and since > SERVICE_SILENT


def measure_lag(batches: BatchCounts, now: datetime) -> float:
    """Return for how many seconds a batch that is due has been waiting for a worker; 0 when none is."""
    return max((now - batches.oldest).total_seconds(), 0.0) if batches.oldest is not None else 0.0
