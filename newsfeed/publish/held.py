"""A library as it is kept between two builds: every story packed by itself, unpacked when it is shown."""

from __future__ import annotations

import pickle
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from newsfeed.core.index import Row, Section, rows_of
from newsfeed.core.links import name_in, names_of
from newsfeed.core.redirects import tables
from newsfeed.model import Alias, Enclosure, Item, Library, Link, Story

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from newsfeed.model import Content


@dataclass(frozen=True, slots=True)
class Held:
    """What a library says, as far as a change of a few stories has to know."""

    rows: tuple[Row, ...]
    """Of all stories, newest first."""
    stories: Mapping[str, bytes]
    """Id → the story, packed."""
    others: Library
    """All but the stories."""
    named: Mapping[str, Collection[str]]
    """Name by which texts link to another → the content files that do."""
    aliases: frozenset[str]
    """Output paths of all aliases."""

    @classmethod
    def of(cls, library: Library) -> Held:
        """Pack a library."""
        named: dict[str, set[str]] = defaultdict(set)
        aliases: set[str] = set()
        for table in tables(library).values():
            for content in table.values():
                _note(content, named, aliases)
        return cls(
            tuple(rows_of(library)),
            {key: pack(story) for key, story in library.stories.items()},
            replace(library, stories={}),
            {name: tuple(sorted(paths)) for name, paths in named.items()},
            frozenset(aliases),
        )

    def packed(self) -> object:
        """As plain values, which are kept and found again in a fraction of the time."""
        sections = {section: None for row in self.rows for section in row.sections}
        numbers = {section: number for number, section in enumerate(sections)}
        rows = [(*row[:-1], [numbers[section] for section in row.sections]) for row in self.rows]
        names = [tuple(section) for section in sections]
        return names, rows, self.stories, self.others, self.named, sorted(self.aliases)

    @classmethod
    def unpacked(cls, values: Any) -> Held:
        """What was packed."""
        names, flat, stories, others, named, aliases = values
        sections = [Section(*one) for one in names]
        rows = tuple(Row._make((*row[:-1], tuple([sections[number] for number in row[-1]]))) for row in flat)
        return cls(rows, stories, others, named, frozenset(aliases))

    def library(self) -> Library:
        """The library, whose stories are unpacked when somebody asks for them."""
        return replace(self.others, stories=_Stories(self.stories))

    def linking(self, path: str) -> Collection[str]:
        """The content files that may link to a file."""
        return {text for name in names_of(path) for text in self.named.get(name, ())}

    def changed(self, library: Library, rows: tuple[Row, ...], ids: Collection[str]) -> Held:
        """The same after these stories changed; none of them has an alias."""
        named: dict[str, set[str]] = defaultdict(set)
        stories = {key: data for key, data in self.stories.items() if key not in ids}
        for key in ids:
            if key in library.stories:
                stories[key] = pack(library.stories[key])
                _note(library.stories[key], named, set())
        more = {name: tuple(sorted({*self.named.get(name, ()), *paths})) for name, paths in named.items()}
        others = replace(library, stories={})
        return Held(rows, stories, others, {**self.named, **more}, self.aliases)


def _note(content: Content, named: dict[str, set[str]], aliases: set[str]) -> None:
    for item in content.items.values():
        aliases.update(alias.path for alias in item.aliases)
        for link in item.links:
            name = name_in(item.path, link.target)
            if name:
                named[name].add(item.path)


class _Stories(Mapping[str, Story]):
    """Stories unpacked as they are asked for."""

    def __init__(self, packed: Mapping[str, bytes]) -> None:
        self._packed = packed
        self._unpacked: dict[str, Story] = {}

    def __getitem__(self, key: str) -> Story:
        if key not in self._unpacked:
            self._unpacked[key] = unpack(self._packed[key])
        return self._unpacked[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def changed_stories(
    before: Mapping[str, Story], new: Mapping[str, Story], keys: Collection[str]
) -> Mapping[str, Story]:
    """Stories of which some (``keys``) changed, came or went, in no order."""
    if isinstance(before, _Changed):
        return before.changed(new, keys)
    return _Changed(before, new, keys)


class _Changed(Mapping[str, Story]):
    def __init__(self, before: Mapping[str, Story], new: Mapping[str, Story], keys: Collection[str]) -> None:
        self._before = before
        self._new = new
        self._keys = frozenset({*new, *keys})

    def changed(self, new: Mapping[str, Story], keys: Collection[str]) -> _Changed:
        """After another change: never a chain of them."""
        kept = {key: story for key, story in self._new.items() if key not in keys}
        return _Changed(self._before, {**kept, **new}, {*self._keys, *keys})

    def __getitem__(self, key: str) -> Story:
        return self._new[key] if key in self._keys else self._before[key]

    def __iter__(self) -> Iterator[str]:
        yield from self._new
        yield from (key for key in self._before if key not in self._keys)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def pack(story: Story) -> bytes:
    """A story as bytes. Plain tuples take a tenth of the time that its own classes would."""
    values = dict(zip(_STORY, _of_story(story), strict=True))
    values["items"] = [_packed_item(item) for item in story.items.values()]
    values["enclosures"] = [_of_enclosure(one) for one in story.enclosures]
    return pickle.dumps(values, protocol=pickle.HIGHEST_PROTOCOL)


def unpack(data: bytes) -> Story:
    """The story that was packed."""
    values: dict[str, Any] = pickle.loads(data)  # noqa: S301 - our own file, in our own folder
    items = [_item(one) for one in values.pop("items")]
    enclosures = tuple(Enclosure(*one) for one in values.pop("enclosures"))
    return Story(**values, items={item.lang: item for item in items}, enclosures=enclosures)


def _packed_item(item: Item) -> tuple[Any, ...]:
    links, aliases = map(_of_link, item.links), map(_of_alias, item.aliases)
    return (*_of_item(item), tuple(links), tuple(aliases))


def _item(values: tuple[Any, ...]) -> Item:
    *known, links, aliases = values
    return Item(
        **dict(zip(_ITEM, known, strict=True)),
        links=tuple(Link(*one) for one in links),
        aliases=tuple(Alias(*one) for one in aliases),
    )


def _values(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*names)


def _names(kind: type, *apart: str) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in apart)


_STORY = _names(Story)
_ITEM = _names(Item, "links", "aliases")
_of_story, _of_item = _values(_STORY), _values(_ITEM)
_of_link, _of_alias = _values(_names(Link)), _values(_names(Alias))
_of_enclosure = _values(_names(Enclosure))
