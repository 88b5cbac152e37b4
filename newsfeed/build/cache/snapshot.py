"""A library as it is kept between two builds: every story packed by itself, unpacked when it is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from newsfeed.core.content.links import list_link_names
from newsfeed.core.content.packing import Packing, Pile, Stories
from newsfeed.core.site.index import StoryRow
from newsfeed.core.site.redirects import contents_with_extra_paths
from newsfeed.core.site.sections import Section

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from newsfeed.model import Library


@dataclass(frozen=True, slots=True)
class Held:
    """What a library says, as far as a change of a few stories has to know."""

    rows: tuple[StoryRow, ...]
    """Of all stories, newest first."""
    stories: Stories
    """Packed."""
    others: Library
    """All but the stories."""
    aliases: frozenset[str]
    """Output paths of all aliases."""

    @classmethod
    def of(cls, library: Library, rows: tuple[StoryRow, ...]) -> Held:
        """Of a library and its rows, newest first."""
        stories = library.stories
        if not isinstance(stories, Stories):
            packing = Packing(Pile())
            stories = packing.gather(packing.put(one, library.projects) for one in stories.values())
        return cls(rows, stories, replace(library, stories={}), frozenset(_aliases(library)))

    def packed(self) -> object:
        """As plain values, which are kept and found again in a fraction of the time."""
        sections = {section: None for row in self.rows for section in row.sections}
        numbers = {section: number for number, section in enumerate(sections)}
        rows = [(*row[:-1], [numbers[section] for section in row.sections]) for row in self.rows]
        names = [tuple(section) for section in sections]
        return names, rows, self.stories.packed(), self.others, sorted(self.aliases)

    @classmethod
    def unpacked(cls, values: Any) -> Held:
        """What was packed."""
        names, flat, stories, others, aliases = values
        sections = [Section(*one) for one in names]
        rows = tuple(
            StoryRow._make((*row[:-1], tuple([sections[number] for number in row[-1]]))) for row in flat
        )
        return cls(rows, Stories.unpacked(*stories), others, frozenset(aliases))

    def library(self) -> Library:
        """The library, whose stories are unpacked when somebody asks for them."""
        return replace(self.others, stories=self.stories)

    @property
    def named(self) -> Mapping[str, Collection[str]]:
        """Name by which texts link to another → the content files that do."""
        return self.others.named

    def linking(self, path: str) -> Collection[str]:
        """The content files that may link to a file."""
        return {text for name in list_link_names(path) for text in self.named.get(name, ())}

    def changed(self, library: Library, rows: tuple[StoryRow, ...], ids: Collection[str]) -> Held:
        """The same after these stories changed; none of them has an alias."""
        stories = self.stories.changed(library.stories, ids)
        return Held(rows, stories, replace(library, stories={}), self.aliases)


def _aliases(library: Library) -> Iterator[str]:
    for content in contents_with_extra_paths(library):
        for item in content.items.values():
            yield from (alias.path for alias in item.aliases)
