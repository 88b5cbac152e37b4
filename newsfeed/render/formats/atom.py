"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.render.formats import _feedgen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.views import FeedEntry, FeedView


def entries(some: Sequence[tuple[FeedEntry, str]], lang: str) -> list[bytes]:
    """Entries, each with its language when that is another than the feed's."""
    return _feedgen.ATOM.entries(some, lang)


def document(view: FeedView, pieces: Sequence[bytes]) -> list[bytes]:
    """The feed as an Atom document, with its language."""
    return _feedgen.ATOM.document(view, pieces)


def pieces(document: bytes) -> list[bytes]:
    """The entries of a document, as ``entries`` made them."""
    return _feedgen.ATOM.pieces(document)
