"""Decide which issue is due, and what each subscriber gets in it. Pure: the ledger's answers are given."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newsfeed.core.digests import slots
from newsfeed.core.digests.selection import select_due
from newsfeed.core.people.subscription import language_chain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from newsfeed.core.digests.slots import Slot
    from newsfeed.model import Story
    from newsfeed.records import Issue, Subscriber
    from newsfeed.settings import Digest

FREQUENCIES = ("every", "monthly")
"""The rhythms in which a subscriber may get a digest; see `newsfeed.records.Subscription`."""
MEMORY = timedelta(days=90)
"""The reach back to issues that are looked at: longer than any retry or horizon worth the name."""


@dataclass(frozen=True, slots=True)
class ReaderGroup:
    """Subscribers who get the same stories in the same languages: one rendering serves them all."""

    name: str
    chain: tuple[str, ...]
    stories: tuple[str, ...]
    """Ids, newest first."""
    subscribers: tuple[tuple[int, str], ...]
    """(number, key) of each."""


def find_due_slot(digest: Digest, planned: Collection[str], now: datetime) -> Slot | None:
    """Return the slot whose issue is to be planned now, if any.

    After an outage the newest: the missed slots fold into one issue, which holds all their stories,
    because what is due is asked of the ledger and not of dates; or the oldest missed one, when the
    digest wants each. ``planned`` are the keys of slots that have an issue. A clock set back finds
    its newest slot planned already.
    """
    newest = slots.find_last_slot(digest.schedule, digest.timezone, now)
    if newest.key in planned:
        return None
    if digest.missed == "fold" or not planned:
        return newest
    last = slot_of(max(planned), digest)
    following = slots.find_next_slot(digest.schedule, digest.timezone, last.instant)
    return min(following, newest)


def find_next_slots(
    digests: Iterable[Digest], now: datetime, planned: Mapping[str, Collection[str]] | None = None
) -> dict[str, Slot]:
    """Return digest name → its first slot after ``now`` that has no issue, the soonest first.

    ``planned``: digest name → keys of slots that have one. Where a round ran with its clock set ahead, slots
    to come are among them.
    """
    upcoming = {}
    for digest in digests:
        slot = slots.find_next_slot(digest.schedule, digest.timezone, now)
        while planned and slot.key in planned.get(digest.name, ()):
            slot = slots.find_next_slot(digest.schedule, digest.timezone, slot.instant)
        upcoming[digest.name] = slot
    return dict(sorted(upcoming.items(), key=lambda entry: entry[1].instant))


def find_horizon(
    digest: Digest, slot: Slot, planned: Collection[str] = (), frequency: str = "every"
) -> datetime:
    """Return the moment before which stories are no news in this slot's issue.

    The digest's horizon, counted from the first slot since the reader's last issue, so that an
    outage or a month's pause makes nothing too old to be sent; and never less than that issue
    itself, because months are longer than 28 days. ``planned`` goes back some months: after a
    longer pause the digest starts afresh.
    """
    keys = sorted(key for key in planned if key < slot.key)
    if frequency == "monthly":
        keys = [key for key in keys if key[:7] < slot.key[:7]]
        keys = [min(key for key in keys if key[:7] == keys[-1][:7])] if keys else []
    reach = timedelta(days=digest.horizon)
    if not keys:
        return slot.instant - reach
    last = slot_of(keys[-1], digest)
    first_since = slots.find_next_slot(digest.schedule, digest.timezone, last.instant)
    return min(first_since.instant - reach, slot.instant - reach, last.instant)


def select_candidates(
    stories: Iterable[Story], digest: Digest, slot: Slot, planned: Collection[str]
) -> list[Story]:
    """Return the stories that may be owed to anybody in this slot's issue, newest first."""
    oldest = min(find_horizon(digest, slot, planned, frequency) for frequency in FREQUENCIES)
    return select_due(stories, digest, slot, (), oldest)


def find_ledger_start(issues: Iterable[Issue], stories: Iterable[Story], slot: Slot) -> datetime:
    """Return how far back deliveries matter: the moment of the first issue that held one of the candidates.

    Dates do not tell: an editor may give a story a new one long after it was sent.
    """
    wanted = {story.id for story in stories}
    moments = [
        min(issue.instant, issue.created) for issue in issues if not wanted.isdisjoint(issue.revisions)
    ]
    return min(moments, default=slot.instant)


def group_readers(
    subscribers: Iterable[Subscriber],
    stories: Sequence[Story],
    digest: Digest,
    slot: Slot,
    had: Mapping[int, frozenset[str]],
    editions: Mapping[str, Sequence[str]],
    planned: Collection[str] = (),
) -> list[ReaderGroup]:
    """Group subscribers by what they are owed. Nobody is left out for what others had; a story whose fallback
    was sent is had: a later translation is no news. ``had``: subscriber id → story ids; ``editions``: code →
    chain; ``planned``: as for `find_due_slot`.
    """
    by_rhythm = {
        frequency: select_due(stories, digest, slot, (), find_horizon(digest, slot, planned, frequency))
        for frequency in FREQUENCIES
        if _in_rhythm(frequency, slot, planned)
    }
    topics = {story.id: frozenset(story.topics) for story in stories}
    readable = {story.id: frozenset(story.items) for story in stories}
    grouped: dict[tuple[tuple[str, ...], tuple[str, ...]], list[tuple[int, str]]] = defaultdict(list)
    nothing: frozenset[str] = frozenset()
    for subscriber in subscribers:
        subscription = subscriber.subscriptions.get(digest.name)
        chain = language_chain(subscriber.languages, editions)
        if subscriber.state != "active" or subscription is None or not chain:
            continue
        if subscription.frequency not in by_rhythm:
            continue
        got, wanted = had.get(subscriber.id, nothing), frozenset(subscription.topics)
        owed = tuple(
            story.id
            for story in by_rhythm[subscription.frequency]
            if story.id not in got
            and not readable[story.id].isdisjoint(chain)
            and (not wanted or not topics[story.id].isdisjoint(wanted))
        )
        if owed or digest.when_empty == "note":
            grouped[chain, owed].append((subscriber.id, subscriber.key))
    return [
        ReaderGroup(name_group(chain, owed), chain, owed, tuple(members))
        for (chain, owed), members in grouped.items()
    ]


def _in_rhythm(frequency: str, slot: Slot, planned: Collection[str]) -> bool:
    """Tell whether readers of a frequency get this issue: ``monthly`` ones get the first issue of each month,
    which holds all they have not had. The first that there is, not the first of the calendar: that one may
    have been missed.
    """
    return frequency != "monthly" or all(key[:7] != slot.key[:7] for key in planned if key != slot.key)


def slot_of(key: str, digest: Digest) -> Slot:
    """Return the slot of a digest that has this key."""
    local = datetime.fromisoformat(key)
    return slots.resolve_slot(local.date(), local.time(), digest.timezone)


def name_group(chain: Sequence[str], stories: Sequence[str]) -> str:
    """Return the name of those who get these stories in these languages."""
    source = "\0".join((*chain, "", *stories)).encode()
    return hashlib.blake2b(source, digest_size=8).hexdigest()
