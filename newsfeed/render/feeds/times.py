"""Times as feeds write them: in UTC, whatever the zone of the moment and the locale of the process."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

_REMEMBERED = 256
"""Written times that are kept: a text is often updated when it is published, and stands in every format."""


@lru_cache(_REMEMBERED)
def rfc3339(moment: datetime) -> str:
    """Write a time for Atom and JSON Feed: ``2010-02-04T08:00:00Z``."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@lru_cache(_REMEMBERED)
def rfc822(moment: datetime) -> str:
    """Write a time for RSS: ``Thu, 04 Feb 2010 08:00:00 GMT``."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)
