"""Find the feeds that a build changed: whoever follows them is told of these, and of no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site.urls import FEED_ENDINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES = frozenset(f"feed.{ending}" for ending in FEED_ENDINGS.values())
"""Archives, which have numbers, are followed by nobody."""


def find_changed_feeds(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Return the output paths of feeds that are new or have other bytes. ``before``, ``after``: output path →
    digest.
    """
    return tuple(
        sorted(path for path, digest in after.items() if is_feed_path(path) and before.get(path) != digest)
    )


def is_feed_path(path: str) -> bool:
    """Tell whether an output path is that of a feed which people follow."""
    return path.rpartition("/")[2] in _NAMES
