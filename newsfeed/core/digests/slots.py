"""Compute the slots of a digest's calendar: local date + time + IANA zone, through gaps and folds.

A local time that does not exist, or exists twice, means one moment (`newsfeed.core.local_times`): so every
slot happens exactly once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from newsfeed.core.local_times import resolve_local
from newsfeed.settings import DigestSchedule

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FORM = re.compile(
    r"(?P<days>[a-z]+(?:,[a-z]+)*|monthly (?P<of>\d{1,2}(?:,\d{1,2})*)) (?P<h>\d{1,2}):(?P<m>\d\d)"
)
_LONGEST_GAP = 62
"""Days within which every schedule has a slot: the 31st may be missing one month, not two."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A moment at which a digest is due: the local day and time, and the instant they mean."""

    instant: datetime
    """UTC."""
    day: date
    at: time

    @property
    def key(self) -> str:
        """Return the name that is unique within its digest: ``2010-02-08T08:00``."""
        return f"{self.day.isoformat()}T{self.at:%H:%M}"


def parse_schedule(text: str) -> DigestSchedule | None:
    """Read ``mon 08:00``, ``mon,thu 08:00``, ``daily 07:30`` or ``monthly 1,15 08:00``."""
    found = _FORM.fullmatch(" ".join(text.casefold().split()))
    if not found or int(found["h"]) > 23 or int(found["m"]) > 59:
        return None
    at = time(int(found["h"]), int(found["m"]))
    if found["of"]:
        monthdays = tuple(sorted({int(day) for day in found["of"].split(",")}))
        return DigestSchedule(at, monthdays=monthdays) if 1 <= monthdays[0] <= monthdays[-1] <= 31 else None
    if found["days"] == "daily":
        return DigestSchedule(at, weekdays=tuple(range(7)))
    names = found["days"].split(",")
    if not set(names) <= set(_WEEKDAYS):
        return None
    return DigestSchedule(at, weekdays=tuple(sorted({_WEEKDAYS.index(name) for name in names})))


def find_last_slot(schedule: DigestSchedule, zone: ZoneInfo, now: datetime) -> Slot:
    """Return the newest slot that is not after ``now``."""
    # A slot of tomorrow's date can already be past in no zone; today's may still be to come.
    day = now.astimezone(zone).date()
    for back in range(_LONGEST_GAP + 1):
        candidate = day - timedelta(days=back)
        if _falls_on(schedule, candidate):
            slot = resolve_slot(candidate, schedule.at, zone)
            if slot.instant <= now:
                return slot
    raise AssertionError("every schedule has a slot within two months")


def find_next_slot(schedule: DigestSchedule, zone: ZoneInfo, now: datetime) -> Slot:
    """Return the first slot after ``now``."""
    day = now.astimezone(zone).date()
    for ahead in range(-1, _LONGEST_GAP + 1):
        candidate = day + timedelta(days=ahead)
        if _falls_on(schedule, candidate):
            slot = resolve_slot(candidate, schedule.at, zone)
            if slot.instant > now:
                return slot
    raise AssertionError("every schedule has a slot within two months")


def has_slot(schedule: DigestSchedule, day: date) -> bool:
    """Tell whether a digest is due on a day."""
    return _falls_on(schedule, day)


def find_next_day(schedule: DigestSchedule, day: date) -> date:
    """Return the first day after one on which a digest is due."""
    following = (day + timedelta(days=ahead) for ahead in range(1, _LONGEST_GAP + 1))
    return next(one for one in following if _falls_on(schedule, one))


def resolve_slot(day: date, at: time, zone: ZoneInfo) -> Slot:
    """Return the slot of a local day and time, in which gaps and folds are resolved."""
    return Slot(resolve_local(datetime.combine(day, at), zone), day, at)


def _falls_on(schedule: DigestSchedule, day: date) -> bool:
    return day.weekday() in schedule.weekdays or day.day in schedule.monthdays
