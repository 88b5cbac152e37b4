"""Read the dates that other programs write."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newsfeed.core.content.value_guesses import guess_date

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_YEARS = range(1900, 2200)
_SPACED_ZONE = re.compile(r"(?<=\d)\s+([+-]\d\d:?\d\d|Z|UTC)$")


def read_moment(written: object) -> datetime | date | None:
    """Return a date that was written as in RFC 3339, as in RFC 5322, or as people do; else ``None``."""
    if isinstance(written, (datetime, date)):
        return written if written.year in _YEARS else None
    if not isinstance(written, str):
        return None
    text = _SPACED_ZONE.sub(lambda found: found[1].replace("UTC", "Z"), written.strip())
    found = _read(text)
    return found if found is not None and found.year in _YEARS else None


def _read(text: str) -> datetime | date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        guessed = guess_date(text)
        return _read(guessed) if guessed and guessed != text else None
    # RFC 5322 3.3: "-0000" is a moment of which nobody knows where it was written.
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def from_epoch(seconds: object) -> datetime | None:
    """Return the moment of a number of seconds, or milliseconds, since 1970."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        return None
    try:
        return datetime.fromtimestamp(seconds / 1000 if abs(seconds) > 1e11 else seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def find_zone(name: str) -> ZoneInfo | None:
    """Return a time zone by its name; ``None`` when there is none of it."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
