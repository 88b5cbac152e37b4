"""RSS 2.0 (rssboard.org, specification 2.0.11 and best practices profile)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.render.formats import _feedgen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.views import FeedView


def render(view: FeedView, contents: Sequence[str]) -> bytes:
    """The feed as an RSS document: summary in ``description``, full text in ``content:encoded``."""
    return _feedgen.rss(view, contents)
