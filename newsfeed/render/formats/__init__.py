"""Feed formats, one module each: a `FeedView` and its entries' HTML in, bytes out.

To add one: write a module with a ``render`` of this signature, list it in `FORMATS`, give it an
ending in `newsfeed.core.urls.FEED_ENDINGS` and a name in `newsfeed.core.frames.FEED_TYPES`. The
contract tests pick it up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from newsfeed.render.formats import atom, jsonfeed, rss

if TYPE_CHECKING:
    from newsfeed.views import FeedView

Render = Callable[["FeedView", Sequence[str]], bytes]
"""(feed, absolutised HTML of each entry, in the same order) → the feed document."""

FORMATS: tuple[tuple[str, Render], ...] = (
    ("rss", rss.render),
    ("atom", atom.render),
    ("jsonfeed", jsonfeed.render),
)


def render(view: FeedView, contents: Sequence[str]) -> bytes:
    """A feed as bytes, in the format its view names."""
    return dict(FORMATS)[view.format](view, contents)
