"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.render.feeds._spliced import Spliced
from newsfeed.render.feeds._times import utc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.render.feeds._spliced import Maker
    from newsfeed.views import FeedEntry, FeedView


def _maker() -> Maker:
    from newsfeed.render.feeds import _feedgen

    return _feedgen.ATOM


ATOM = Spliced(_maker, utc, b"  <entry", b"  </entry>\n", b"</feed>\n")


def entries(some: Sequence[tuple[FeedEntry, str]], lang: str) -> list[bytes]:
    """Entries, each with its language when that is another than the feed's."""
    return ATOM.entries(some, lang)


def document(view: FeedView, pieces: Sequence[bytes]) -> list[bytes]:
    """The feed as an Atom document, with its language."""
    return ATOM.document(view, pieces)


def pieces(document: bytes) -> list[bytes]:
    """The entries of a document, as ``entries`` made them."""
    return ATOM.pieces(document)
