"""Which issue is due, and what each subscriber gets in it. Pure: the ledger's answers are given."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newsfeed.core import slots
from newsfeed.core.digest import due
from newsfeed.core.subscription import chain_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from newsfeed.core.slots import Slot
    from newsfeed.model import Story, Subscriber, Subscription
    from newsfeed.settings import Digest


@dataclass(frozen=True, slots=True)
class Group:
    """Subscribers whose issue says the same: one rendering serves them all."""

    name: str
    chain: tuple[str, ...]
    stories: tuple[str, ...]
    """Ids, newest first."""
    subscribers: tuple[tuple[int, str], ...]
    """(number, key) of each."""


def slot_due(digest: Digest, planned: Collection[str], now: datetime) -> Slot | None:
    """The slot whose issue is to be planned now, if any.

    Only the newest: after an outage the missed slots fold into one issue, which holds all their
    stories, because what is due is asked of the ledger and not of dates. ``planned`` are the keys
    of slots that have an issue. A clock set back finds its newest slot planned already.
    """
    slot = slots.last_slot(digest.schedule, digest.timezone, now)
    return None if slot.key in planned else slot


def horizon_of(digest: Digest, slot: Slot) -> datetime:
    """The moment before which stories are news to nobody, and deliveries need not be remembered."""
    return slot.instant - timedelta(days=digest.horizon)


def groups(
    subscribers: Iterable[Subscriber],
    stories: Sequence[Story],
    digest: Digest,
    slot: Slot,
    had: Mapping[int, frozenset[str]],
    editions: Mapping[str, Sequence[str]],
) -> list[Group]:
    """Subscribers by what they are owed. Nobody is left out for what others had; a story whose
    fallback was sent is had: a later translation is no news.
    """
    candidates = due(stories, digest, slot, ())
    topics = {story.id: frozenset(story.topics) for story in candidates}
    readable = {story.id: frozenset(story.items) for story in candidates}
    grouped: dict[tuple[tuple[str, ...], tuple[str, ...]], list[tuple[int, str]]] = defaultdict(list)
    nothing: frozenset[str] = frozenset()
    for subscriber in subscribers:
        subscription = subscriber.subscriptions.get(digest.name)
        chain = chain_of(subscriber.languages, editions)
        if subscriber.state != "active" or subscription is None or not chain:
            continue
        if not _in_rhythm(subscription, digest, slot):
            continue
        got, wanted = had.get(subscriber.id, nothing), frozenset(subscription.topics)
        owed = tuple(
            story.id
            for story in candidates
            if story.id not in got
            and not readable[story.id].isdisjoint(chain)
            and (not wanted or not topics[story.id].isdisjoint(wanted))
        )
        if owed or digest.when_empty == "note":
            grouped[chain, owed].append((subscriber.id, subscriber.key))
    return [
        Group(_name(chain, owed), chain, owed, tuple(members)) for (chain, owed), members in grouped.items()
    ]


def _in_rhythm(subscription: Subscription, digest: Digest, slot: Slot) -> bool:
    """``monthly`` readers get the first issue of each month, which holds all they have not had."""
    if subscription.frequency != "monthly":
        return True
    before = slots.last_slot(digest.schedule, digest.timezone, slot.instant - timedelta(minutes=1))
    return (before.day.year, before.day.month) != (slot.day.year, slot.day.month)


def _name(chain: Sequence[str], stories: Sequence[str]) -> str:
    source = "\0".join((*chain, "", *stories)).encode()
    return hashlib.blake2b(source, digest_size=8).hexdigest()
