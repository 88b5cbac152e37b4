"""Read stories from a database as they are asked for: those of a large site are too many for the memory."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from newsfeed.build.cache.store import CacheDamagedError
from newsfeed.core.bounded_cache import BoundedCache
from newsfeed.model import Story

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_RECENT = 1_000
"""Stories that stay in memory: what is made one after the other shows the same ones."""


class StoryReader(Protocol):
    """Reads stories from a database."""

    def read_story(self, key: str) -> bytes:
        """Return a story as `pack` packed it."""


class StoredStories(Mapping[str, Story]):
    """Stories by their ids, most of them in a database."""

    def __init__(
        self, reader: StoryReader, ids: Iterable[str], changed: Mapping[str, Story] | None = None
    ) -> None:
        """Take the ids of all stories, and those that are other than in the database."""
        self._reader = reader
        self._ids = dict.fromkeys(ids)
        self._changed = changed or {}
        self._recent: BoundedCache[str, Story] = BoundedCache(_RECENT)

    def __getitem__(self, key: str) -> Story:
        if key not in self._ids:
            raise KeyError(key)
        return self._changed.get(key) or self._recent.get_or_make(key, lambda: self._read(key))

    def _read(self, key: str) -> Story:
        data = self._reader.read_story(key)
        try:
            return unpack(data)
        except Exception as error:  # such as a zone that is no longer there
            raise CacheDamagedError(key) from error

    def packed(self, key: str) -> bytes:
        """Return a story as it is in the database."""
        return pack(self._changed[key]) if key in self._changed else self._reader.read_story(key)

    def with_changes(self, new: Mapping[str, Story], keys: Collection[str]) -> StoredStories:
        """Return them with new stories; without others of these ids."""
        kept = {key: story for key, story in self._changed.items() if key not in keys}
        ids = dict.fromkeys((*new, *(key for key in self._ids if key not in keys)))
        return StoredStories(self._reader, ids, {**kept, **new})

    def __contains__(self, key: object) -> bool:
        return key in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


def change_stories(
    stories: Mapping[str, Story], new: Mapping[str, Story], keys: Collection[str]
) -> Mapping[str, Story]:
    """Return stories with new ones, and without others of these ids; in no order."""
    if isinstance(stories, StoredStories):
        return stories.with_changes(new, keys)
    return {**{key: story for key, story in stories.items() if key not in keys}, **new}


def pack(story: Story) -> bytes:
    """Return a story as bytes, for a file that only this user writes into."""
    return pickle.dumps(story, protocol=pickle.HIGHEST_PROTOCOL)


def unpack(data: bytes) -> Story:
    """Return the story that was packed."""
    story: Story = pickle.loads(data)  # noqa: S301 - from a file of our own
    return story


def packed_story(stories: Mapping[str, Story], key: str) -> bytes:
    """Return one of many stories as bytes, as it lies in a database if it does."""
    return stories.packed(key) if isinstance(stories, StoredStories) else pack(stories[key])
