"""Select the stories that are due for a digest, and group readers who get the same ones in a preview."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from newsfeed.core.digests.slots import Slot
    from newsfeed.model import Reader, Story
    from newsfeed.settings import Digest


@dataclass(frozen=True, slots=True)
class PreviewReaderGroup:
    """Readers of an audience who get the same stories in the same languages."""

    chain: tuple[str, ...]
    stories: tuple[str, ...]
    """Ids, newest first."""
    readers: tuple[Reader, ...]


def select_due(
    stories: Iterable[Story],
    digest: Digest,
    slot: Slot,
    had: Collection[str],
    oldest: datetime | None = None,
) -> list[Story]:
    """Return the stories a reader is owed in this slot's issue, newest first.

    Not a date window since the last issue: published by the slot, among the digest's topics, and
    not had before. The horizon keeps a newcomer from getting the whole archive; ``oldest`` is given
    where it has to reach further back.
    """
    oldest = oldest or slot.instant - timedelta(days=digest.horizon)
    return [
        story
        for story in stories
        if oldest < story.date <= slot.instant
        and story.id not in had
        and (not digest.topics or set(digest.topics) & set(story.topics))
    ]


def group_preview_readers(
    readers: Iterable[Reader],
    stories: Sequence[Story],
    digest: Digest,
    slot: Slot,
    had: Mapping[str, frozenset[str]],
) -> list[PreviewReaderGroup]:
    """Group readers by what they get, in the order in which they first appear."""
    grouped: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Reader]] = defaultdict(list)
    for reader in readers:
        owed = select_due(stories, digest, slot, had.get(reader.key, frozenset()))
        wanted = [story for story in owed if not reader.topics or set(reader.topics) & set(story.topics)]
        readable = [story.id for story in wanted if set(reader.chain) & set(story.items)]
        grouped[reader.chain, tuple(readable)].append(reader)
    return [PreviewReaderGroup(chain, ids, tuple(group)) for (chain, ids), group in grouped.items()]


def make_message_id(digest: str, slot: Slot, lang: str, reader_key: str, domain: str) -> str:
    """Return a Message-ID that is equal at every attempt (RFC 5322 3.6.4), so that a repetition shows."""
    source = "\0".join((digest, slot.key, lang, reader_key)).encode()
    unique = hashlib.blake2b(source, digest_size=12).hexdigest()
    return f"<{digest}.{slot.day:%Y%m%d}.{lang.lower()}.{unique}@{domain}>"
