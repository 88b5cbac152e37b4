"""Read from the ledger how much each digest brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.digests.volume import WINDOW, count_stories_a_week

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from newsfeed.ports import Issues


def read_volumes(issues: Issues, digests: Collection[str], now: datetime) -> Mapping[str, float]:
    """Return digest → stories a week; digests of which too little is known are left out."""
    found = {}
    for digest in digests:
        numbers = issues.slots(digest, now - WINDOW).values()
        sent = [issue for issue in (issues.find(str(number)) for number in numbers) if issue is not None]
        volume = count_stories_a_week([(one.instant, len(one.revisions)) for one in sent], now)
        if volume is not None:
            found[digest] = volume
    return found


class RememberedVolumes:
    """Reads the volumes of a site's digests once a day: they change by the week."""

    def __init__(self, issues: Issues, digests: Collection[str]) -> None:
        self._issues = issues
        self._digests = tuple(digests)
        self._read: tuple[datetime, Mapping[str, float]] | None = None

    def __call__(self, now: datetime) -> Mapping[str, float]:
        """Return digest → stories a week."""
        if self._read is None or self._read[0].date() != now.date():
            self._read = now, read_volumes(self._issues, self._digests, now)
        return self._read[1]
