"""Values that stand in views of several kinds: links, pictures, notices, and a story as lists show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

T = TypeVar("T")


class SharedTuple(tuple[T, ...]):  # noqa: SLOT001 - a tuple can have no slots of its own
    """A tuple that stands in many views and keys caches; its hash is computed once."""

    _hash: int

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            self._hash = tuple.__hash__(self)
            return self._hash


class Anchor(NamedTuple):
    """A named link; ``lang`` is set when its text is in another language than the page."""

    href: str
    text: str
    lang: str = ""


class Picture(NamedTuple):
    """An image with its description; width and height are 0 when unknown."""

    src: str
    alt: str
    width: int = 0
    height: int = 0
    srcset: str = ""
    """The picture in other widths, as HTML names them; empty where there is one size."""
    caption: str = ""
    credit: Credit | None = None
    """Who made it, as a sentence in the language of the page."""
    focus: str = ""
    """The side that stays where it is cropped, as ``left top``; empty for its middle."""


class Fallback(NamedTuple):
    """The notice that a text is not in the reader's language, with the language it is in."""

    lang: str
    direction: str
    language: str
    """The text's language, named in the page's language."""
    is_outdated: bool = False
    """There is a text in the reader's language, which the original has left behind."""


class Credit(NamedTuple):
    """A sentence that says who did what for a text: translated it, or took its photos."""

    text: str
    lang: str = ""


class TextReference(NamedTuple):
    """The text that a page shows in full; its HTML is rendered from the file when the page is."""

    path: str
    fingerprint: str
    lang: str


class EnclosureLink(NamedTuple):
    """A file to download."""

    href: str
    title: str
    media_type: str
    size: int
    """Bytes."""


class FeedLink(NamedTuple):
    """One feed of a page: its address, media type, and what readers call it."""

    href: str
    media_type: str
    title: str
    format: str
    """``RSS``, ``Atom`` or ``JSON Feed``."""


class StoryCard(NamedTuple):
    """A story as it stands in a list."""

    id: str
    href: str
    title: str
    summary: str
    published: datetime
    updated: datetime | None
    """Only when there was a significant change."""
    authors: tuple[Anchor, ...]
    topics: tuple[Anchor, ...]
    picture: Picture | None
    fallback: Fallback | None

    def __hash__(self) -> int:
        """Hash by the address alone: no two cards of a site have one address and differ."""
        return hash(self.href)


class StoryLine(NamedTuple):
    """A story as a link with its date: all that pages of other stories and the archive show of it."""

    href: str
    title: str
    published: datetime
    fallback: Fallback | None

    def __hash__(self) -> int:
        """Hash by the address alone, as cards do."""
        return hash(self.href)
