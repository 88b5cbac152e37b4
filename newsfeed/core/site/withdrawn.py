"""The words that stand in place of a story that was withdrawn: nothing of its own is shown any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.marking import msgid

if TYPE_CHECKING:
    from newsfeed.core.site.index import StoryRow
    from newsfeed.ports import Texts

TITLE = msgid("Withdrawn story")
_SINCE = msgid("This story was withdrawn on %(date)s.")
_UNDATED = msgid("This story was withdrawn.")


def make_withdrawal_sentence(texts: Texts, row: StoryRow) -> str:
    """Return the sentence that says that a story was withdrawn, and when, if that is known."""
    if row.withdrawn is None or row.withdrawn == row.date:
        return texts.gettext(_UNDATED)
    return texts.gettext(_SINCE) % {"date": texts.long_date(row.withdrawn)}
