"""Remember what readers had from another program: issues in the ledger that nobody sends."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from newsfeed.core.digests.renames import hash_story_texts
from newsfeed.core.digests.slots import find_last_slot
from newsfeed.records import Delivery, Issue, Rendering

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from newsfeed.core.digests.slots import Slot
    from newsfeed.model import Story
    from newsfeed.ports import Issues, People
    from newsfeed.records import Subscriber
    from newsfeed.settings import Digest

_GROUP = "moved-in"
_REPLY = "had it from another program"
_MOST_SLOTS = 1_000
_FIRST_MICROSECOND = 1


def remember_as_had(
    issues: Issues,
    people: People,
    digest: Digest,
    stories: Sequence[Story],
    until: datetime,
    now: datetime,
    lang: str,
) -> int:
    """Let everybody who reads a digest have had all stories up to a moment; return how many people that is
    new to. ``stories``: of the site; ``now``, ``lang``: go into the record.

    The issue takes the digest's last slot before that moment, so that the next one is due as if the digest
    had always been ours. Who arrives later is remembered in an issue of an earlier slot that is free.
    """
    had = [story for story in stories if story.date <= until]
    if not had:
        return 0
    first = min(story.date for story in had)
    wanted = frozenset(story.id for story in had)
    received = issues.stories_received(digest.name, first)
    missing = [
        one
        for one in people.all(digest.name)
        if one.state == "active" and not wanted <= received.get(one.id, frozenset())
    ]
    if not missing:
        return 0
    rendering = Rendering(
        group=_GROUP, lang=lang, stories=tuple(story.id for story in had), headers=(), body=b""
    )
    revisions = {story.id: hash_story_texts(story) for story in sorted(had, key=lambda one: one.id)}
    for slot in _slots_back_from(digest, until):
        issue = Issue(
            digest=digest.name,
            slot=slot.key,
            instant=slot.instant,
            created=now,
            content_hash=hashlib.sha256(repr(sorted(wanted)).encode()).hexdigest(),
            revisions=revisions,
        )
        if issues.plan(issue, [rendering], _deliveries(missing, slot)) is not None:
            return len(missing)
    return 0


def _slots_back_from(digest: Digest, until: datetime) -> Iterator[Slot]:
    moment = until
    for _ in range(_MOST_SLOTS):
        slot = find_last_slot(digest.schedule, digest.timezone, moment)
        yield slot
        moment = slot.instant - timedelta(microseconds=_FIRST_MICROSECOND)


def _deliveries(readers: Sequence[Subscriber], slot: Slot) -> Iterator[Delivery]:
    for reader in readers:
        yield Delivery(
            issue_id=0,
            subscriber_id=reader.id,
            group=_GROUP,
            state="accepted",
            attempts=1,
            reply=_REPLY,
            planned_at=slot.instant,
            settled_at=slot.instant,
        )
