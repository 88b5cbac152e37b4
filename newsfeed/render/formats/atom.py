"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.render.formats import _feedgen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.views import FeedView


def render(view: FeedView, contents: Sequence[str]) -> bytes:
    """The feed as an Atom document, with the language of the feed and of every other-language entry."""
    return _feedgen.atom(view, contents)
