"""Planned sitemap → its view: pages with their translations, or the list of the sitemap's parts."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.issues import ISSUE_PAGES, find_editions, find_issue
from newsfeed.core.site.sections import Section
from newsfeed.views import SitemapEntry, SitemapIndexEntry, SitemapIndexView, SitemapView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import SiteIndex
    from newsfeed.core.site.pages.context import ViewContext
    from newsfeed.core.site.sitemap_parts import SitemapPart


def make_sitemap_view(context: ViewContext, part: SitemapPart) -> SitemapView:
    """Make the view of one file of the sitemap: pages, each with its translations."""
    return SitemapView((*_stories(context, part), *(_other(context, planned) for planned in part.others)))


def make_sitemap_index_view(context: ViewContext, parts: Sequence[SitemapPart]) -> SitemapIndexView:
    """Make the view of the list of parts, each with the moment its newest page changed."""
    listed = []
    for number, part in enumerate(parts, 1):
        moments = [row.updated for row, _ in part.stories]
        changes = (_changed(context.index, planned) for planned in part.others)
        moments += [moment for moment in changes if moment is not None]
        address = context.addresses.absolute(urls.sitemap_path(number))
        listed.append(SitemapIndexEntry(address, max(moments, default=None)))
    return SitemapIndexView(tuple(listed))


def _stories(context: ViewContext, part: SitemapPart) -> Iterator[SitemapEntry]:
    """Yield the entries of stories; the pages of one story follow each other and share their translations."""
    for row, pages in groupby(part.stories, key=lambda story: story[0]):
        alternates = context.frames.language_links(row.page).alternates
        for _, language in pages:
            path = urls.story_path(language.story_url, language.code, row.date, row.slugs[language.code])
            yield SitemapEntry(context.addresses.absolute(path), row.updated, alternates)


def _other(context: ViewContext, planned: PlannedArtifact) -> SitemapEntry:
    frames, index = context.frames, context.index
    if planned.kind == "static":
        places = frames.content_links(index.library.pages[planned.key])
    elif planned.kind == "index":
        places = frames.index_links(planned.section)
    elif planned.kind in ISSUE_PAGES:
        places = frames.same_in(find_editions(index.settings, planned))
    else:
        places = frames.section_links(Section(planned.section, planned.key))
    return SitemapEntry(
        context.addresses.absolute(planned.path), _changed(context.index, planned), places.alternates
    )


def _changed(index: SiteIndex, planned: PlannedArtifact) -> datetime | None:
    """Return the moment of a list's last change; ``None`` for pages that have none of their own."""
    if planned.kind in ("static", "index"):
        return None
    if planned.kind in ISSUE_PAGES:
        return find_issue(index.settings, planned).instant
    language = index.settings.languages[planned.lang]
    return index.lists.updated(language, Section(planned.section, planned.key))
