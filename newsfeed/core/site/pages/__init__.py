"""Planned page → page view: everything one page shows, as values in its language.

`PAGE_MAKERS` has the function for each kind of page; each lives in the module of its family.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.pages.archive import make_archive_view
from newsfeed.core.site.pages.context import ViewContext
from newsfeed.core.site.pages.dossiers import make_dossier_view
from newsfeed.core.site.pages.feed_pages import make_about_feed_view, make_feed_list_view
from newsfeed.core.site.pages.indexes import make_index_view
from newsfeed.core.site.pages.issues import make_issue_list_view, make_issue_view
from newsfeed.core.site.pages.lists import make_list_view, make_month_view
from newsfeed.core.site.pages.redirect_pages import make_moved_page_view, make_redirect_view
from newsfeed.core.site.pages.search import make_search_view
from newsfeed.core.site.pages.texts import make_static_view, make_story_view
from newsfeed.core.site.pages.withdrawn import make_withdrawn_view
from newsfeed.marking import msgid
from newsfeed.views import EntranceView, Frame, NotFoundView, PageView

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.settings import Language

__all__ = ["PAGE_MAKERS", "ViewContext", "make_page_view"]


def _make_not_found_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> NotFoundView:
    title = context.texts[language.code].labelled(msgid("Page not found"))
    return NotFoundView(_nowhere(context, planned, language, title, indexed=False))


def _make_entrance_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> EntranceView:
    return EntranceView(_nowhere(context, planned, language, ("", ""), indexed=True))


def _nowhere(
    context: ViewContext,
    planned: PlannedArtifact,
    language: Language,
    title: tuple[str, str],
    *,
    indexed: bool,
) -> Frame:
    """Make a frame whose language switcher leads to the editions' front pages.

    title: and the language to mark it with.
    """
    homes = context.frames.language_links(lambda other: (urls.home_path(other.code), True))
    return context.frames.frame(
        language, planned.path, homes, title=title[0], title_lang=title[1], indexed=indexed
    )


PAGE_MAKERS: Mapping[str, Callable[[ViewContext, PlannedArtifact, Language], PageView]] = {
    "list": make_list_view,
    "month": make_month_view,
    "story": make_story_view,
    "dossier": make_dossier_view,
    "index": make_index_view,
    "archive": make_archive_view,
    "static": make_static_view,
    "about-feed": make_about_feed_view,
    "feed-list": make_feed_list_view,
    "search": make_search_view,
    "issue": make_issue_view,
    "issue-list": make_issue_list_view,
    "not-found": _make_not_found_view,
    "withdrawn": make_withdrawn_view,
    "entrance": _make_entrance_view,
    "redirect": make_redirect_view,
    "moved-page": make_moved_page_view,
}
"""Kind of planned page → the function that makes its view."""


def make_page_view(context: ViewContext, planned: PlannedArtifact) -> PageView:
    """Make the view of one planned page."""
    return PAGE_MAKERS[planned.kind](context, planned, context.index.settings.languages[planned.lang])
