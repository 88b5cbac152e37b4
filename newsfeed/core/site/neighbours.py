"""Tell which stories a story leads on to: those before and after it in time, and related ones.

Related stories are neighbours in time, too, and not the newest ones: so a new story becomes known to a few
older pages (`MOST_PAGES`), and an archive stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.bounded_cache import BoundedCache
from newsfeed.core.site.sections import SITE, Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsfeed.core.site.index import StoryLists, StoryRow
    from newsfeed.settings import Language

RELATED = 3
"""Stories, at most, that a story's page names as related."""
_NEAR = (("projects", 2, 1), ("topics", 2, 1), ("countries", 1, 1))
"""Kind of section, best first → how many stories before one are related to it, and how many after it.

Only the section that a story names first counts: with all of them, each would have a hundred neighbours.
"""
MOST_PAGES = 2 + sum(older + newer for _, older, newer in _NEAR)
"""Pages of an edition, at most, that lead on to one and the same story."""
_ALL = Section(SITE)
_REMEMBERED = 5_000
"""Stories whose neighbours are kept for the next edition."""
_Order = tuple[list["StoryRow"], dict[str, int]]


class Neighbours(NamedTuple):
    """The stories that a story's page leads on to."""

    newer: StoryRow | None
    older: StoryRow | None
    related: tuple[StoryRow, ...]
    """Others than these two, newest first."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all of them, in their places."""
        return tuple([row.id if row is not None else "" for row in (self.newer, self.older, *self.related)])


class _Place(NamedTuple):
    """A list of stories, newest first, and the place of one of them; -1 when it has none."""

    rows: Sequence[StoryRow]
    place: int


class Neighbourhoods:
    """Finds the neighbours of stories in an edition. Lists are put in order once, when they are asked for;
    editions that show the same stories share them.
    """

    def __init__(self, lists: StoryLists) -> None:
        self._lists = lists
        self._ordered: dict[tuple[str, Section], _Order] = {}
        self._orders: dict[int, _Order] = {}
        """Identity of a list of rows, which lives as long as all lists → the list in order."""
        self._around: BoundedCache[tuple[int, str], Neighbours] = BoundedCache(_REMEMBERED)

    def around(self, language: Language, row: StoryRow) -> Neighbours:
        """Return the stories that a story's page leads on to; none when the edition does not show it."""
        key = id(self._order(language, _ALL)), row.id
        return self._around.get_or_make(key, lambda: self._find_around(language, row))

    def _find_around(self, language: Language, row: StoryRow) -> Neighbours:
        rows, places = self._order(language, _ALL)
        if row.id not in places:
            return Neighbours(None, None, ())
        place = places[row.id]
        newer = rows[place - 1] if place > 0 else None
        older = rows[place + 1] if place + 1 < len(rows) else None
        related: dict[str, StoryRow] = {}
        for section, before, after in _sections(row):
            same, here = self._find(language, section, row)
            related.update([(one.id, one) for one in _nearest(same, here, after, before)])
        others = [one for one in related.values() if one is not newer and one is not older][:RELATED]
        others.sort(key=lambda one: places[one.id])
        return Neighbours(newer, older, tuple(others))

    def leading_to(self, language: Language, row: StoryRow) -> Iterator[StoryRow]:
        """Yield the stories whose pages may lead on to a story; none when the edition does not show it."""
        rows, place = self._find(language, _ALL, row)
        if place < 0:
            return
        yield from _nearest(rows, place, 1, 1)
        for section, older, newer in _sections(row):
            same, here = self._find(language, section, row)
            # To those that are newer than it, it is an older one.
            yield from _nearest(same, here, older, newer)

    def _find(self, language: Language, section: Section, row: StoryRow) -> _Place:
        rows, places = self._order(language, section)
        return _Place(rows, places.get(row.id, -1))

    def _order(self, language: Language, section: Section) -> _Order:
        """Return the stories that name a section first, and the place of each by its id."""
        key = (language.code, section)
        if key not in self._ordered:
            listed = self._lists.shown_in(language, section)
            if id(listed) not in self._orders:
                name = section.name
                rows = [one for one in listed if not name or _firsts(one).get(name) == section]
                self._orders[id(listed)] = rows, {one.id: place for place, one in enumerate(rows)}
            self._ordered[key] = self._orders[id(listed)]
        return self._ordered[key]


def _nearest(rows: Sequence[StoryRow], place: int, newer: int, older: int) -> Sequence[StoryRow]:
    """Return so many stories before and after a place in a list that is newest first, the nearest newer one
    at the start.
    """
    return [*rows[max(place - newer, 0) : place][::-1], *rows[place + 1 : place + 1 + older]]


def _sections(row: StoryRow) -> Iterator[tuple[Section, int, int]]:
    """Yield the sections whose stories are related to a story: each with how many older and newer ones."""
    firsts = _firsts(row)
    for name, older, newer in _NEAR:
        if name in firsts:
            yield firsts[name], older, newer


def _firsts(row: StoryRow) -> dict[str, Section]:
    """Return the section of each kind that a story names first."""
    return {section.name: section for section in reversed(row.sections)}
