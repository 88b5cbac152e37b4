"""Plan entry → a sitemap or the list of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core import urls
from newsfeed.core.index import Index, Row, Section
from newsfeed.views import SitemapEntry, SitemapIndexView, SitemapPart, SitemapView

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsfeed.core.pages.kit import Kit
    from newsfeed.core.planned import Planned
    from newsfeed.core.sitemap_parts import Part
    from newsfeed.settings import Language


def sitemap_view(kit: Kit, part: Part) -> SitemapView:
    """One file of the sitemap: pages, each with its translations."""
    stories = (_story(kit, row, language) for row, language in part.stories)
    return SitemapView((*stories, *(_other(kit, planned) for planned in part.others)))


def sitemap_index_view(kit: Kit, parts: Sequence[Part]) -> SitemapIndexView:
    """Which parts there are, and when the newest of their pages changed."""
    listed = []
    for number, part in enumerate(parts, 1):
        moments = [row.updated for row, _ in part.stories]
        changes = (_changed(kit.index, planned) for planned in part.others)
        moments += [moment for moment in changes if moment is not None]
        address = kit.addresses.absolute(urls.sitemap(number))
        listed.append(SitemapPart(address, max(moments, default=None)))
    return SitemapIndexView(tuple(listed))


def _story(kit: Kit, row: Row, language: Language) -> SitemapEntry:
    found = {one.code: row.page(one) for one in kit.index.settings.editions}
    path = urls.story(language.code, row, row.slugs[language.code])
    return SitemapEntry(kit.addresses.absolute(path), row.updated, kit.frames.alternates(found))


def _other(kit: Kit, planned: Planned) -> SitemapEntry:
    elsewhere = (
        kit.frames.content_elsewhere(kit.index.library.pages[planned.key])
        if planned.kind == "static"
        else kit.frames.section_elsewhere(Section(planned.section, planned.key))
    )
    found = {one.code: elsewhere(one) for one in kit.index.settings.editions}
    changed = _changed(kit.index, planned)
    return SitemapEntry(kit.addresses.absolute(planned.path), changed, kit.frames.alternates(found))


def _changed(index: Index, planned: Planned) -> datetime | None:
    """When a list changed last; of a static page nobody knows."""
    if planned.kind == "static":
        return None
    language = index.settings.languages[planned.lang]
    return index.stories(language, Section(planned.section, planned.key)).updated
