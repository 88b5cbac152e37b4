"""Keep a library between two builds: every story is a row of its own in the cache, read when it is shown."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from newsfeed.build.cache.row_codec import ROWS
from newsfeed.build.stored_stories import StoredStories, pack, packed_story
from newsfeed.core.content.links import list_link_names
from newsfeed.core.site.redirects import contents_with_extra_paths
from newsfeed.model import Library, Story

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from newsfeed.build.cache.store import BuildCache
    from newsfeed.core.site.index import StoryRow

_ALIASES = "aliases"
_TABLES = tuple(one.name for one in fields(Library) if one.name != "stories")


@dataclass(frozen=True, slots=True)
class LibrarySnapshot:
    """A library, as far as a change of a few stories has to know it."""

    rows: tuple[StoryRow, ...]
    """Of all stories, newest first."""
    stories: Mapping[str, Story]
    others: Library
    """All but the stories."""
    aliases: frozenset[str]
    """Output paths of all aliases."""
    changed: frozenset[str] = frozenset()
    """Ids of stories that changed, came or went since all of them were written to the cache."""

    @classmethod
    def of(cls, library: Library, rows: tuple[StoryRow, ...]) -> LibrarySnapshot:
        """Take what a library says, and its rows, newest first."""
        return cls(rows, library.stories, replace(library, stories={}), frozenset(_aliases(library)))

    @classmethod
    def read(cls, cache: BuildCache) -> LibrarySnapshot | None:
        """Read what the last build left; ``None`` when something is missing."""
        rows, aliases, others = cache.read(ROWS), cache.read(_ALIASES), _read_tables(cache)
        if rows is None or aliases is None or others is None:
            return None
        stories = StoredStories(cache, [row.id for row in rows])
        return cls(rows, stories, others, aliases)

    def values(self) -> dict[str, object]:
        """Return what is to be written by its names, but for the stories; what is as it was read is the very
        same object.
        """
        tables = {f"library.{name}": getattr(self.others, name) for name in _TABLES}
        return {ROWS: self.rows, _ALIASES: self.aliases, **tables}

    def packed_stories(self) -> Iterator[tuple[str, bytes]]:
        """Pack all stories, each with its id."""
        return ((row.id, packed_story(self.stories, row.id)) for row in self.rows)

    def packed_changes(self) -> dict[str, bytes | None]:
        """Pack the changed stories by their ids; ``None`` for one that is gone."""
        return {key: pack(self.stories[key]) if key in self.stories else None for key in self.changed}

    def library(self) -> Library:
        """Return the library; stories are read when somebody asks for them."""
        return replace(self.others, stories=self.stories)

    @property
    def link_sources(self) -> Mapping[str, Collection[str]]:
        """Name by which texts link to another → the content files that do."""
        return self.others.link_sources

    def linking(self, path: str) -> Collection[str]:
        """Return the content files that may link to a file."""
        return {text for name in list_link_names(path) for text in self.link_sources.get(name, ())}

    def after(self, library: Library, rows: tuple[StoryRow, ...], ids: Collection[str]) -> LibrarySnapshot:
        """Return the snapshot of a library in which these stories changed; none of them has an alias."""
        return replace(
            self,
            rows=rows,
            stories=library.stories,
            others=replace(library, stories={}),
            changed=self.changed.union(ids),
        )


def read_library(cache: BuildCache) -> Library | None:
    """Read what the last build left, without the rows, which are most of it: its stories are in no order.
    ``None`` when something is missing.
    """
    others = _read_tables(cache)
    if others is None:
        return None
    ids = dict.fromkeys(key for kind, key in others.paths.values() if kind == "news")
    return replace(others, stories=StoredStories(cache, ids))


def _read_tables(cache: BuildCache) -> Library | None:
    """Read all but the stories."""
    tables = {name: cache.read(f"library.{name}") for name in _TABLES}
    return None if any(table is None for table in tables.values()) else Library(stories={}, **tables)


def _aliases(library: Library) -> Iterator[str]:
    for content in contents_with_extra_paths(library):
        for item in content.items.values():
            yield from (alias.path for alias in item.aliases)
