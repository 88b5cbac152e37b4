"""RSS 2.0 (rssboard.org, specification 2.0.11 and best practices profile)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.render.feeds._spliced import Spliced
from newsfeed.render.feeds._times import rfc822

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.render.feeds._spliced import Maker
    from newsfeed.views import FeedEntry, FeedView


def _maker() -> Maker:
    from newsfeed.render.feeds import _feedgen

    return _feedgen.RSS


RSS = Spliced(_maker, rfc822, b"    <item>", b"    </item>\n", b"  </channel>\n</rss>\n")


def entries(some: Sequence[tuple[FeedEntry, str]], lang: str) -> list[bytes]:
    """Items: summary in ``description``, full text in ``content:encoded``."""
    return RSS.entries(some, lang)


def document(view: FeedView, pieces: Sequence[bytes]) -> list[bytes]:
    """The feed as an RSS document."""
    return RSS.document(view, pieces)


def pieces(document: bytes) -> list[bytes]:
    """The entries of a document, as ``entries`` made them."""
    return RSS.pieces(document)
