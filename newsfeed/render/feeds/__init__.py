"""Views of feeds → bytes: one module for each format (RSS and Atom share one, as feedgen writes both), what
an entry shows, and OPML.

An entry is written once, for all documents that bring it. Which stories a feed brings is decided in
`newsfeed.core.site.feeds`; how many written entries are remembered, in `newsfeed.build.feed_entries`.

To add a format: write a module that does what `FeedFormat` says, list it in `FORMATS`, give it an ending in
`newsfeed.core.site.urls.FEED_ENDINGS`, a name in `newsfeed.core.site.frames.FEED_TYPES`, and list it in
`newsfeed.config.loader.FORMAT_NAMES`. The contract tests pick it up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from newsfeed.render.feeds import jsonfeed
from newsfeed.render.feeds.rss_and_atom import ATOM, RSS

__all__ = ["FORMATS", "FeedFormat", "feed_format"]

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.views import FeedEntry, FeedView


class FeedFormat(Protocol):
    """Writes feeds of one format: a module, or an object."""

    def write_entries(self, entries: Sequence[tuple[FeedEntry, str]], feed_lang: str) -> list[bytes]:
        """Return the bytes of each entry; they must not depend on the document that will bring it.

        entries: each with its HTML, links absolute; empty when its summary is all it brings.
        feed_lang: language of the feeds that bring them.
        """

    def write_document(self, view: FeedView, entries: Sequence[bytes]) -> list[bytes]:
        """Return a feed's document, in pieces.

        entries: as ``write_entries`` wrote them, newest first.
        """

    def replace_text(self, entry: bytes, html: str) -> bytes | None:
        """Return an entry that was written with its text, byte for byte as ``write_entries`` would write it
        with other HTML, or with none; ``None`` when it has to be written.
        """

    def read_entries(self, document: bytes) -> list[bytes]:
        """Return the entries of a document, byte for byte as ``write_entries`` wrote them."""


FORMATS: tuple[tuple[str, FeedFormat], ...] = (("rss", RSS), ("atom", ATOM), ("jsonfeed", jsonfeed))
_BY_NAME = dict(FORMATS)


def feed_format(name: str) -> FeedFormat:
    """Return the format that a view or a planned feed names."""
    return _BY_NAME[name]
