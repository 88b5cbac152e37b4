"""RSS 2.0 (rssboard.org, specification 2.0.11 and best practices profile)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.render.formats import _feedgen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.views import FeedEntry, FeedView


def entries(some: Sequence[tuple[FeedEntry, str]], lang: str) -> list[bytes]:
    """Items: summary in ``description``, full text in ``content:encoded``."""
    return _feedgen.RSS.entries(some, lang)


def document(view: FeedView, pieces: Sequence[bytes]) -> list[bytes]:
    """The feed as an RSS document."""
    return _feedgen.RSS.document(view, pieces)


def pieces(document: bytes) -> list[bytes]:
    """The entries of a document, as ``entries`` made them."""
    return _feedgen.RSS.pieces(document)
