"""Feeds of feedgen's, made from pieces: its entries apart from its documents, each shape of both a single
time.

feedgen is slow, and what it writes depends on nothing of a value but whether it is empty. So it writes
one entry and one feed without entries of each shape, with marks for values; all others are cast from
these moulds. What comes out is, byte for byte, what feedgen makes of the whole feed.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsfeed.render.feeds._mould import Mould, marks
from newsfeed.views import Attachment, FeedCategory, FeedEntry, FeedView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsfeed.render.shelf import Shelf

Shape = tuple[object, ...]


@dataclass(frozen=True)
class Maker:
    """What feedgen does for a format."""

    open: Callable[[FeedView], Any]
    """A feed without entries."""
    add: Callable[[Any, FeedEntry, str, str], None]
    """(feed, entry, its HTML, language of the feed)"""
    write: str
    """feedgen's method that writes the feed."""


@dataclass(frozen=True)
class Spliced:
    """A format of feedgen's whose entries are made apart from its documents."""

    maker: Callable[[], Maker]
    """feedgen, which takes long to load, and is needed for new moulds only."""
    time: Callable[[datetime], str]
    """A moment as it is written."""
    first: bytes
    """How an entry begins, as nothing else does."""
    last: bytes
    """How an entry ends. Nothing else does: in texts and attributes there is no ``<``."""
    end: bytes
    """What stands behind the last entry."""
    moulds: dict[Shape, Mould] = field(init=False, default_factory=dict, repr=False, compare=False)

    def entries(self, some: Sequence[tuple[FeedEntry, str]], lang: str) -> list[bytes]:
        """The bytes of entries in every feed of a language."""
        return [self._entry(entry, html, lang) for entry, html in some]

    def document(self, view: FeedView, pieces: Sequence[bytes]) -> list[bytes]:
        """A feed with these entries, in pieces."""
        values = self._feed_values(view)
        shape = ("feed", view.format, *map(bool, values))
        mould = self.moulds.get(shape) or self._kept(shape, lambda: self._feed_mould(view))
        return [mould.cast(values), *pieces, self.end]

    def pieces(self, document: bytes) -> list[bytes]:
        """The entries of a feed that ``document`` made."""
        start = document.find(self.first)
        body = document[start : -len(self.end)] if start >= 0 else b""
        return [piece + self.last for piece in body.split(self.last)[:-1]]

    def _entry(self, entry: FeedEntry, html: str, lang: str) -> bytes:
        values = self._entry_values(entry, html)
        counts = len(entry.authors), len(entry.categories), len(entry.attachments)
        shape = ("entry", entry.lang == lang, *counts, *map(bool, values))
        mould = self.moulds.get(shape) or self._kept(shape, lambda: self._entry_mould(entry, html, lang))
        return mould.cast(values)

    def _kept(self, shape: Shape, make: Callable[[], Mould]) -> Mould:
        """A mould from another process, or a new one."""
        name = "mould", self.first, self.last, shape
        mould = _shelf.get(name) if _shelf else None
        if not isinstance(mould, Mould):
            mould = make()
            if _shelf:
                _shelf.put(name, mould)
        self.moulds[shape] = mould
        return mould

    def _feed_values(self, view: FeedView) -> list[str]:
        return [
            view.id,
            view.lang,
            view.title,
            view.description,
            view.home,
            view.address,
            self.time(view.updated),
            view.author,
            view.live,
            view.older,
            view.newer,
        ]

    def _entry_values(self, entry: FeedEntry, html: str) -> list[str]:
        return [
            entry.id,
            entry.lang,
            entry.title,
            entry.link,
            entry.summary,
            html,
            self.time(entry.published),
            self.time(entry.updated),
            *entry.authors,
            *(text for one in entry.categories for text in (one.term, one.label, one.scheme)),
            *(
                text
                for one in entry.attachments
                for text in (one.href, one.title, one.media_type, str(one.size))
            ),
        ]

    def _feed_mould(self, view: FeedView) -> Mould:
        marked = _marked_view(view)
        return Mould.of(self._empty(marked), self._feed_values(marked))

    def _entry_mould(self, entry: FeedEntry, html: str, lang: str) -> Mould:
        marked, content = _marked_entry(entry), _CONTENT if html else ""
        maker = self.maker()
        feed = maker.open(_NOWHERE)
        maker.add(feed, marked, content, marked.lang if entry.lang == lang else _NOWHERE.lang)
        made = _document(feed, maker.write)
        before = self._empty(_NOWHERE)
        if not (made.startswith(before) and made.endswith(self.last + self.end)):
            raise ValueError("feedgen writes entries in another way")
        return Mould.of(made[len(before) : -len(self.end)], self._entry_values(marked, content))

    def _empty(self, view: FeedView) -> bytes:
        """What stands before the entries of a feed."""
        maker = self.maker()
        return _document(maker.open(view), maker.write).removesuffix(self.end)


_shelf: Shelf | None = None


def keep_moulds(shelf: Shelf) -> None:
    """Where moulds are kept for other processes; one of a shape is the same for all sites."""
    global _shelf  # noqa: PLW0603 - as moulds are, it is the process's
    _shelf = shelf


_NOWHERE = FeedView(
    id="-",
    format="rss",
    lang="en",
    title="-",
    description="",
    home="-",
    address="-",
    updated=datetime(1970, 1, 1, tzinfo=UTC),
    author="-",
)
"""A feed that nobody sees."""
_CONTENT = "newsfeed-content"
_MOMENTS = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC)
_SIZE = 10**15
"""Marks of what is no text."""


def _marked_view(view: FeedView) -> FeedView:
    """A feed of the same shape, in which marks stand for values."""
    mark = _marker()
    return FeedView(
        id=mark(view.id),
        format=view.format,
        lang=mark(view.lang),
        title=mark(view.title),
        description=mark(view.description),
        home=mark(view.home),
        address=mark(view.address),
        updated=_MOMENTS[0],
        author=mark(view.author),
        live=mark(view.live),
        older=mark(view.older),
        newer=mark(view.newer),
    )


def _marked_entry(entry: FeedEntry) -> FeedEntry:
    """An entry of the same shape, in which marks stand for values."""
    mark = _marker()
    return entry._replace(
        id=mark(entry.id),
        lang=mark(entry.lang),
        title=mark(entry.title),
        link=mark(entry.link),
        published=_MOMENTS[0],
        updated=_MOMENTS[1],
        authors=tuple(map(mark, entry.authors)),
        summary=mark(entry.summary),
        categories=tuple(
            FeedCategory(mark(one.term), mark(one.label), mark(one.scheme)) for one in entry.categories
        ),
        attachments=tuple(
            Attachment(mark(one.href), mark(one.title), mark(one.media_type), _SIZE + number)
            for number, one in enumerate(entry.attachments)
        ),
    )


def _marker() -> Callable[[str], str]:
    """Gives a mark for every text; none for one that is empty."""
    names = marks()
    return lambda text: next(names) if text else ""


def _document(feed: Any, write: str) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # dateutil inside feedgen
        document: bytes = getattr(feed, write)(pretty=True)
    return document
