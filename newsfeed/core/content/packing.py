"""Pack files and stories as bytes, and unpack them: small, quick to hand from process to process, not copied
by processes that merely look at them. Plain tuples take a tenth of the time that classes would.
"""

from __future__ import annotations

import pickle
from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from newsfeed.core.content.facts import Fact
from newsfeed.core.content.parse import ParsedFile
from newsfeed.core.site.index import StoryRow, make_row, newest_first_key
from newsfeed.model import Alias, Enclosure, Item, Link, Story
from newsfeed.problems import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from newsfeed.model import Project

_RECENT = 1_000
"""PackedStories that stay unpacked: what is made one after the other shows the same ones."""


class File(Protocol):
    """A file that is packed somewhere; what its name says can be seen."""

    @property
    def path(self) -> str:
        """In the site."""

    @property
    def kind(self) -> str:
        """See `newsfeed.core.content.parse.ParsedFile`."""

    @property
    def stem(self) -> str:
        """Content path without language and ending, which all translations share."""

    @property
    def lang(self) -> str:
        """Its language."""

    def unpacked(self) -> ParsedFile:
        """What it says."""


class PackedFile(NamedTuple):
    """What a file says, packed; what its name says can be seen."""

    path: str
    kind: str
    stem: str
    lang: str
    data: bytes

    def unpacked(self) -> ParsedFile:
        """Return the file that was packed."""
        item, links, facts, unread = pickle.loads(self.data)  # noqa: S301 - made in this very process, or its child
        return ParsedFile(
            path=self.path,
            kind=self.kind,
            stem=self.stem,
            lang=self.lang,
            item=None if item is None else _item(item),
            links=tuple(map(Link._make, zip(*[iter(links)] * len(Link._fields), strict=True))),
            facts={
                key: Fact(value, Location(self.path, line, column), places)
                for key, value, line, column, places in facts
            },
            unread_facts=unread,
        )


def pack_file(parsed: ParsedFile) -> PackedFile:
    """Pack what a file says, but for its body."""
    item = None if parsed.item is None else _packed_item(parsed.item)
    facts = [
        (key, one.value, one.where.line, one.where.column, one.places) for key, one in parsed.facts.items()
    ]
    links = [value for link in parsed.links for value in link]
    data = _dumps((item, links, facts, dict(parsed.unread_facts)))
    return PackedFile(parsed.path, parsed.kind, parsed.stem, parsed.lang, data)


def pack(story: Story) -> bytes:
    """Return a story as bytes."""
    items = [_packed_item(item) for item in story.items.values()]
    enclosures = [_of_enclosure(one) for one in story.enclosures]
    return _dumps((_of_story(story), items, enclosures))


def unpack(data: bytes) -> Story:
    """Return the story that was packed."""
    values, items, enclosures = pickle.loads(data)  # noqa: S301 - our own file, in our own folder
    by_lang = {one[_LANG]: _item(one) for one in items}
    return Story(
        **dict(zip(_STORY, values, strict=True)),
        items=by_lang,
        enclosures=tuple([Enclosure(*one) for one in enclosures]),
    )


class PackedStore(Protocol):
    """Holds packed stories; only the process that gathers them adds to it."""

    def add(self, *pieces: bytes) -> Sequence[tuple[int, int]]:
        """Add bytes; return (offset, length) of each piece."""

    def at(self, place: tuple[int, int], /) -> bytes:
        """Return the bytes at (offset, length)."""


class MemoryStore:
    """Bytes in the memory of this process."""

    def __init__(self, data: bytes = b"") -> None:
        self._data = bytearray(data)

    def add(self, *pieces: bytes) -> list[tuple[int, int]]:
        """Add bytes; return (offset, length) of each piece."""
        places = []
        for piece in pieces:
            places.append((len(self._data), len(piece)))
            self._data += piece
        return places

    def at(self, place: tuple[int, int]) -> bytes:
        """Return the bytes at (offset, length)."""
        return bytes(self._data[place[0] : sum(place)])


class PackedStories(Mapping[str, Story]):
    """PackedStories that are packed somewhere, unpacked as they are asked for."""

    def __init__(self, store: PackedStore, places: array[int], numbers: Mapping[str, int]) -> None:
        """places: offset and length of each in its store.
        numbers: id → which of the places is its own.
        """
        self._store = store
        self._places = places
        self._numbers = numbers
        self._recent: OrderedDict[str, Story] = OrderedDict()

    def __getitem__(self, key: str) -> Story:
        found = self._recent.get(key)
        if found is None:
            found = self._recent[key] = unpack(self.packed_story(key))
            if len(self._recent) > _RECENT:
                self._recent.popitem(last=False)
        return found

    def packed_story(self, key: str) -> bytes:
        """Return one of them as it is packed."""
        number = 2 * self._numbers[key]
        return self._store.at((self._places[number], self._places[number + 1]))

    def __contains__(self, key: object) -> bool:
        return key in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class PackedStoryCollector:
    """Gathers packed stories (`newsfeed.core.content.library.StoryCollector`), and makes their rows."""

    def __init__(self, store: PackedStore) -> None:
        self._store = store
        self.rows: tuple[StoryRow, ...] = ()
        """Of all of them, newest first."""

    def put(self, story: Story, projects: Mapping[str, Project]) -> tuple[StoryRow, bytes]:
        """Pack a story, in whatever process."""
        return make_row(story, projects), pack(story)

    def gather(self, packed: Iterable[tuple[StoryRow, bytes]]) -> PackedStories:
        """Put the packed stories into the store, and return them newest first."""
        places = array("Q")
        rows: list[StoryRow] = []
        known: dict[Any, Any] = {}
        for row, data in packed:
            rows.append(_shared(row, known))
            places.extend(self._store.add(data)[0])
        order = sorted(range(len(rows)), key=lambda number: newest_first_key(rows[number]))
        self.rows = tuple([rows[number] for number in order])
        return PackedStories(self._store, places, {rows[number].id: number for number in order})


def _shared(row: StoryRow, known: dict[Any, Any]) -> StoryRow:
    """Return an equal row that shares with others what many of them say."""
    share = known.setdefault
    return row._replace(
        slugs={share(lang, lang): slug for lang, slug in row.slugs.items()},
        authors=share(row.authors, row.authors),
        sections=tuple([share(one, one) for one in row.sections]),
    )


def changed_stories(
    before: Mapping[str, Story], new: Mapping[str, Story], keys: Collection[str]
) -> Mapping[str, Story]:
    """PackedStories of which some (``keys``) changed, came or went, in no order."""
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


def _packed_item(item: Item) -> tuple[Any, ...]:
    return (*_of_item(item), [_of_alias(one) for one in item.aliases])


def _item(values: tuple[Any, ...]) -> Item:
    *known, aliases = values
    return Item(*[*known, tuple([Alias(*one) for one in aliases])])


def _dumps(values: object) -> bytes:
    return pickle.dumps(values, protocol=pickle.HIGHEST_PROTOCOL)


def _values(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*names)


def _names(kind: type, *apart: str) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in apart)


_STORY = _names(Story, "items", "enclosures")
_ITEM = _names(Item, "aliases")
_LANG = _ITEM.index("lang")
_of_story, _of_item = _values(_STORY), _values(_ITEM)
_of_alias = _values(_names(Alias))
_of_enclosure = _values(_names(Enclosure))
