"""Feed formats, one module each: entries with their HTML in, the bytes of each out; a `FeedView` and the
bytes of its entries in, a document out. So an entry that stands in many documents is made once.

To add one: write a module with ``entries``, ``document`` and ``pieces`` of these signatures, list it in
`FORMATS`, give it an ending in `newsfeed.core.site.urls.FEED_ENDINGS` and a name in
`newsfeed.core.site.frames.FEED_TYPES`. The contract tests pick it up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.render.feeds import atom, jsonfeed, rss
from newsfeed.render.feeds._spliced import keep_moulds

__all__ = ["FORMATS", "Format", "document", "entries", "keep_moulds", "load", "pieces"]

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsfeed.views import FeedEntry, FeedView

    Written = tuple[FeedEntry, str]
    """An entry and its absolutised HTML."""


@dataclass(frozen=True, slots=True)
class Format:
    """What makes feeds of one format."""

    entries: Callable[[Sequence[Written], str], list[bytes]]
    """(entries, language of their feed) → of each the same bytes in every document."""
    document: Callable[[FeedView, Sequence[bytes]], list[bytes]]
    """(feed, its entries as ``entries`` made them, newest first) → the feed document, in pieces."""
    pieces: Callable[[bytes], list[bytes]]
    """A feed document → its entries, as ``entries`` made them."""


FORMATS: tuple[tuple[str, Format], ...] = (
    ("rss", Format(rss.entries, rss.document, rss.pieces)),
    ("atom", Format(atom.entries, atom.document, atom.pieces)),
    ("jsonfeed", Format(jsonfeed.entries, jsonfeed.document, jsonfeed.pieces)),
)
_BY_NAME = dict(FORMATS)


def load() -> None:
    """Load at once what takes long, and is needed for feeds of a shape that nobody has made before."""
    import newsfeed.render.feeds._feedgen  # noqa: F401


def entries(form: str, some: Sequence[Written], lang: str) -> list[bytes]:
    """Entries as they stand in the documents of a format whose language is ``lang``."""
    return _BY_NAME[form].entries(some, lang)


def document(view: FeedView, pieces: Sequence[bytes]) -> list[bytes]:
    """A feed in pieces, in the format its view names."""
    return _BY_NAME[view.format].document(view, pieces)


def pieces(form: str, document: bytes) -> list[bytes]:
    """The entries of a feed document in a format, as they would stand in any other."""
    return _BY_NAME[form].pieces(document)
