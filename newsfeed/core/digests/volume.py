"""Tell how much a digest brings, from the issues that were sent: never from what is hoped for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsfeed.marking import msgid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsfeed.ports import Texts

WINDOW = timedelta(weeks=12)
"""Older issues say nothing of what comes now."""
LEAST_ISSUES = 3
"""With fewer nothing is told: of the first one nobody knows how many weeks it gathers."""
WEEK = timedelta(weeks=1)
LESS_THAN_ONE = msgid("less than one story a week")


def count_stories_a_week(issues: Sequence[tuple[datetime, int]], now: datetime) -> float | None:
    """Return how many stories a week a digest has brought lately; ``None`` when too little is known.

    issues: moment and number of stories of each that was sent. Each tells of the time since the one before.
    """
    recent = sorted(issue for issue in issues if now - WINDOW <= issue[0] <= now)
    if len(recent) < LEAST_ISSUES:
        return None
    passed = recent[-1][0] - recent[0][0]
    return sum(stories for _, stories in recent[1:]) / (passed / WEEK) if passed else None


def describe_volume(stories: float, words: Texts) -> str:
    """Return such as *about 5 stories a week*, as it stands inside a sentence."""
    number = round(stories)
    if not number:
        return words.gettext(LESS_THAN_ONE)
    return words.ngettext("about one story a week", "about {number} stories a week", number).format(
        number=words.number(number)
    )
