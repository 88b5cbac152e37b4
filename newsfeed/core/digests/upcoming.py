"""Tell how many stories the next issue of a digest has by now, from rows: nothing is rendered for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.digests.planning import FREQUENCIES, find_horizon

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from newsfeed.core.digests.slots import Slot
    from newsfeed.core.site.index import StoryRow
    from newsfeed.settings import Digest


def count_upcoming(
    rows: Iterable[StoryRow], digest: Digest, slot: Slot, planned: Collection[str], had: Collection[str]
) -> int:
    """Return how many stories will be public and new at a slot, for readers who had every issue before.

    planned: keys of the slots that have an issue; ``had``: ids of the stories in these issues.
    """
    oldest = min(find_horizon(digest, slot, planned, frequency) for frequency in FREQUENCIES)
    return sum(
        oldest < row.date
        and row.is_public(slot.instant)
        and row.withdrawn is None
        and row.id not in had
        and (not digest.topics or not _topics(row).isdisjoint(digest.topics))
        for row in rows
    )


def _topics(row: StoryRow) -> set[str]:
    return {section.key for section in row.sections if section.name == "topics"}
