"""Moments as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

_REMEMBERED = 256
"""Moments whose written form is kept: a text is often updated when it is published."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(_REMEMBERED)
def utc(moment: datetime) -> str:
    """As Atom and JSON Feed have it (RFC 3339), with Z."""
    return with_z(moment.astimezone(UTC).isoformat())


def with_z(time: str) -> str:
    """A moment in UTC in the form that all other formats have."""
    return time.replace("+00:00", "Z")


@lru_cache(_REMEMBERED)
def rfc822(moment: datetime) -> str:
    """RFC 5322 date with English names, whatever the process locale; `email.utils` takes long to load."""
    at = moment.astimezone(UTC)
    return f"{_DAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month - 1]} {at.year:04} {at:%H:%M:%S} GMT"
