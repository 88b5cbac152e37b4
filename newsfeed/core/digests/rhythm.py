"""Say how often a digest comes, in a reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.marking import msgid

if TYPE_CHECKING:
    from newsfeed.ports import Texts
    from newsfeed.settings import DigestSchedule

EVERY_DAY = msgid("every day")
ON_WEEKDAYS = msgid("every {days}")
_DAYS_OF_A_WEEK = 7


def describe_rhythm(schedule: DigestSchedule, words: Texts) -> str:
    """Return such as *every Monday and Thursday*, as it stands inside a sentence."""
    if len(schedule.weekdays) == _DAYS_OF_A_WEEK:
        return words.gettext(EVERY_DAY)
    if schedule.weekdays:
        days = words.together([words.weekday(day) for day in schedule.weekdays])
        return words.gettext(ON_WEEKDAYS).format(days=days)
    number = len(schedule.monthdays)
    return words.ngettext("once a month", "{number} times a month", number).format(
        number=words.number(number)
    )
