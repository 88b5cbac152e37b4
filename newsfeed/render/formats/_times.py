"""Moments as feeds of feedgen's write them, without feedgen."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime


def utc(moment: datetime) -> str:
    """As Atom has it, with Z."""
    return with_z(moment.astimezone(UTC).isoformat())


def with_z(time: str) -> str:
    """A moment in UTC in the form that all other formats have."""
    return time.replace("+00:00", "Z")


def rfc822(moment: datetime) -> str:
    """RFC 5322 date with English names, whatever the process locale."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
