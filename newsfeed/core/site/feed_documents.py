"""Decide which documents a section's feed has: its formats, its archives, and the stories in each.

A feed with archives brings everything: it is cut from the oldest end, as lists are. One without brings the
newest stories, exactly as many as the configuration says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from newsfeed.core.site.paging import count_older_pages, cut_page
from newsfeed.core.site.sections import SITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.core.site.sections import Section
    from newsfeed.settings import FeedSettings

T = TypeVar("T")


def feed_formats(feeds: FeedSettings, section: Section) -> tuple[str, ...]:
    """Return the formats in which a section has a feed."""
    return feeds.formats if section.name == SITE else feeds.section_formats


def has_archives(feeds: FeedSettings, section: Section) -> bool:
    """Return whether what a section's feed has no room for stands in archives."""
    return feeds.archives == "all" or (feeds.archives == "site" and section.name == SITE)


def brings_summaries(feeds: FeedSettings, section: Section) -> bool:
    """Return whether a section's feed brings summaries in place of whole texts."""
    return (feeds.content if section.name == SITE else feeds.section_content) == "summary"


def count_archives(feeds: FeedSettings, section: Section, length: int) -> int:
    """Return how many archives the feed of a section with so many stories has."""
    return count_older_pages(length, feeds.items) if has_archives(feeds, section) else 0


def cut_document(feeds: FeedSettings, section: Section, items: Sequence[T], number: int) -> Sequence[T]:
    """Return what one document of a feed brings, newest first: an archive by its number, or (0) the feed."""
    if has_archives(feeds, section):
        return cut_page(items, feeds.items, number)
    return items[: feeds.items]


def is_complete(feeds: FeedSettings, section: Section, length: int) -> bool:
    """Return whether one document brings all stories of a section that has so many (RFC 5005, section 2)."""
    if has_archives(feeds, section):
        return count_archives(feeds, section, length) == 0
    return length <= feeds.items
