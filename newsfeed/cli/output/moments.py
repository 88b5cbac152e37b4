"""Moments as people in a terminal read them: in the site's zone, by the rules of their language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from newsfeed.cli.output.voice import Voice


def format_moment(moment: datetime, zone: tzinfo, now: datetime, voice: Voice) -> str:
    """Write a moment as ``09:05`` when it is today, else as ``Monday 4 February 2030 09:05``."""
    from babel.dates import format_date, format_time, get_datetime_format

    local = moment.astimezone(zone)
    at = str(format_time(local, "short", locale=voice.locale))
    if local.date() == now.astimezone(zone).date():
        return at
    day = str(format_date(local, "full", locale=voice.locale))
    joined = str(get_datetime_format("medium", locale=voice.locale))
    return joined.replace("'", "").replace("{0}", at).replace("{1}", day)
