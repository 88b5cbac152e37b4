"""Count the stories that are there and are not published, and say why."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from newsfeed.core.site.index import StoryRow


class Unpublished(NamedTuple):
    """Numbers of stories that are not public at a moment, by the reason."""

    drafts: int = 0
    scheduled: int = 0
    """With a date that is still to come."""
    next_due: date | None = None
    """The first day of those, in the site's zone."""
    expired: int = 0
    withdrawn: int = 0
    """Of these a page says that they were."""


ALL_PUBLISHED = Unpublished()
"""Where nothing is withheld."""


def count_unpublished(rows: Iterable[StoryRow], now: datetime) -> Unpublished:
    """Count stories that are not public; a draft counts as a draft, whatever its dates are."""
    drafts, expired, withdrawn, due = 0, 0, 0, []
    for row in rows:
        if row.draft:
            drafts += 1
        elif row.date > now:
            due.append(row.date)
        elif row.expires is not None and row.expires <= now:
            expired += 1
        elif row.withdrawn is not None:
            withdrawn += 1
    return Unpublished(drafts, len(due), min(due).date() if due else None, expired, withdrawn)


class Expiring(NamedTuple):
    """Public stories that will go by themselves."""

    number: int = 0
    first: date | None = None
    """The day on which the first of them goes, in the site's zone."""


NONE_EXPIRES = Expiring()
"""Where every story stays."""


def count_expiring(rows: Iterable[StoryRow], now: datetime) -> Expiring:
    """Count stories that are public and have a day on which they go."""
    ends = [
        row.expires
        for row in rows
        if row.expires is not None and row.withdrawn is None and row.is_public(now)
    ]
    return Expiring(len(ends), min(ends).date() if ends else None)
