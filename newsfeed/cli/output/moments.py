"""Moments of today, as people in a terminal read them: without the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from newsfeed.cli.output.voice import Voice


def format_moment(moment: datetime, zone: tzinfo, now: datetime, voice: Voice) -> str:
    """Write a moment as ``09:05`` when it is today in a zone, else as ``8 Feb 2010, 09:05``."""
    from babel.dates import format_time

    local = moment.astimezone(zone)
    if local.date() != now.astimezone(zone).date():
        return voice.moment(local)
    return str(format_time(local, "short", zone, locale=voice.locale))
