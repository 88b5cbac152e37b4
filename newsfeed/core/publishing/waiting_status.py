"""Decide when a forge that did not take the status of a commit is asked again, and when that is given up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newsfeed.marking import Sentence

LONGEST = timedelta(days=1)
"""From the commit to the last try."""
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120))
"""Between two tries; the last of them again and again."""
_MOST = 20
"""Commits that are remembered: the newest."""
SENSELESS = (400, 410, 413, 422)
"""Status codes that say the same at any time: the request makes no sense to this forge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingStatus:
    """A status of which a forge has not heard yet."""

    commit: str
    good: bool
    text: str
    """What the forge is to show."""
    since: datetime
    next_try: datetime
    tries: int = 0
    reason: Sentence | None = None
    """Why the last try failed."""
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """A try that failed."""

    reason: Sentence
    is_final: bool = False
    """It would fail at any time."""
    pause: timedelta = timedelta()
    """For which the forge wants to be left alone."""


def add_status(waiting: Iterable[WaitingStatus], new: WaitingStatus) -> tuple[WaitingStatus, ...]:
    """Return what waits with one more, instead of what was to be said of the same commit before."""
    others = [one for one in waiting if one.commit != new.commit and not one.given_up]
    return (*others, new)[-_MOST:]


def find_due(waiting: Sequence[WaitingStatus], now: datetime) -> tuple[WaitingStatus, ...]:
    """Return what is to be said now, the newest commit first. A clock that was set back keeps none waiting
    for longer than a day.
    """
    due = (one for one in waiting if not one.given_up and not now < one.next_try <= now + LONGEST)
    return tuple(sorted(due, key=lambda one: one.since, reverse=True))


def plan_retry(status: WaitingStatus, failure: Failure, now: datetime) -> WaitingStatus:
    """Return a status with its next try, or with the word that it is given up."""
    pause = max(failure.pause, _PAUSES[min(status.tries, len(_PAUSES) - 1)])
    is_last = failure.is_final or now + pause > status.since + LONGEST
    return replace(
        status, tries=status.tries + 1, next_try=now + pause, reason=failure.reason, given_up=is_last
    )


def note_outcome(
    waiting: Sequence[WaitingStatus], before: WaitingStatus, after: WaitingStatus | None
) -> tuple[WaitingStatus, ...]:
    """Return what waits when one was tried. ``after``: as `plan_retry` has it; ``None``: the forge took it.
    What was to be said of its commit meanwhile stays; a forge that does not listen hears nothing else either.
    """
    left = [one for one in waiting if one != before]
    if after is None:
        return tuple(left)
    if not after.given_up:
        left = [replace(one, next_try=max(one.next_try, after.next_try)) for one in left]
    return (*left, after) if before in waiting else tuple(left)


def read_pause(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Return for how long a forge wants to be left alone: ``Retry-After``, in seconds or as a date, else the
    moment at which its limit begins anew (GitHub, GitLab). ``headers``: by names in small letters.
    """
    wanted = headers.get("retry-after", "").strip()
    if wanted:
        moment = _read_number(wanted)
        if moment is not None:
            return _bounded(moment)
        try:
            return _bounded((parsedate_to_datetime(wanted).astimezone(UTC) - now).total_seconds())
        except (ValueError, OverflowError):
            return timedelta()
    left = headers.get("x-ratelimit-remaining", headers.get("ratelimit-remaining", ""))
    reset = _read_number(headers.get("x-ratelimit-reset", headers.get("ratelimit-reset", "")))
    return _bounded(reset - now.timestamp()) if left.strip() == "0" and reset is not None else timedelta()


def _read_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else None


def _bounded(seconds: float) -> timedelta:
    return timedelta(seconds=min(max(seconds, 0), LONGEST.total_seconds()))
