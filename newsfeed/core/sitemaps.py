"""Plan entry → a sitemap or the list of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core import urls
from newsfeed.core.site import Index, Planned, Section
from newsfeed.core.sitemap_parts import content_of
from newsfeed.model import Story
from newsfeed.views import SitemapEntry, SitemapIndexView, SitemapPart, SitemapView

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsfeed.core.pages.kit import Kit


def sitemap_view(kit: Kit, pages: Sequence[Planned]) -> SitemapView:
    """One file of the sitemap: pages, each with its translations."""
    return SitemapView(tuple(_entry(kit, planned) for planned in pages))


def sitemap_index_view(kit: Kit, found: Sequence[Sequence[Planned]]) -> SitemapIndexView:
    """Which parts there are, and when the newest of their pages changed."""
    listed = []
    for number, pages in enumerate(found, 1):
        moments = [moment for planned in pages if (moment := _changed(kit.index, planned)) is not None]
        address = kit.addresses.absolute(urls.sitemap(number))
        listed.append(SitemapPart(address, max(moments, default=None)))
    return SitemapIndexView(tuple(listed))


def _entry(kit: Kit, planned: Planned) -> SitemapEntry:
    content = content_of(kit.index, planned)
    places = (
        kit.frames.content_places(content)
        if content is not None
        else kit.frames.section_places(Section(planned.section, planned.key))
    )
    return SitemapEntry(kit.addresses.absolute(planned.path), _changed(kit.index, planned), places.alternates)


def _changed(index: Index, planned: Planned) -> datetime | None:
    content = content_of(index, planned)
    if content is not None:
        return content.updated if isinstance(content, Story) else None
    language = index.settings.languages[planned.lang]
    stories = index.stories(language, Section(planned.section, planned.key))
    return max((one.content.updated for one in stories if isinstance(one.content, Story)), default=None)
