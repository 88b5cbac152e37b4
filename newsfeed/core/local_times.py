"""Local times → moments, also where the clock is set forward or back.

A local time that does not exist, because the clock jumps over it, means the first moment after the gap; one
that exists twice means the first of the two.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


def resolve_local(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment of a local time, in UTC. ``local``: without a zone of its own."""
    placed = local.replace(tzinfo=zone, fold=0)
    moment = placed.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None, fold=0) == local.replace(fold=0):
        return moment
    return _end_of_gap(placed, zone)


def _end_of_gap(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant at which the clock jumped over ``local``, found by halving to the second."""
    # With fold=0 a time in a gap is read with the offset before the jump, which puts it after it;
    # with fold=1 with the offset after, which puts it before.
    before = local.replace(fold=1).astimezone(UTC)
    after = local.replace(fold=0).astimezone(UTC)
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
