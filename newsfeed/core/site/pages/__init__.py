"""Plan entry → page view: everything one page shows, as values in its language.

`PAGE_MAKERS` says which function makes which kind of page; each lives in the module of its family.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site.addresses import home_page
from newsfeed.core.site.pages.archive import make_archive_view
from newsfeed.core.site.pages.dossiers import make_dossier_view
from newsfeed.core.site.pages.feed_pages import make_about_feed_view, make_feed_list_view
from newsfeed.core.site.pages.kit import ViewContext
from newsfeed.core.site.pages.lists import make_list_view, make_month_view
from newsfeed.core.site.pages.moved import make_redirect_view
from newsfeed.core.site.pages.texts import make_static_view, make_story_view
from newsfeed.views import EntranceView, Frame, NotFoundView, PageView

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.settings import Language

__all__ = ["PAGE_MAKERS", "ViewContext", "view_of"]


def _not_found_page(kit: ViewContext, planned: PlannedArtifact, language: Language) -> NotFoundView:
    title = kit.words[language.code].gettext("Page not found")
    return NotFoundView(_nowhere(kit, planned, language, title, indexed=False))


def _entrance_page(kit: ViewContext, planned: PlannedArtifact, language: Language) -> EntranceView:
    return EntranceView(_nowhere(kit, planned, language, "", indexed=True))


def _nowhere(
    kit: ViewContext, planned: PlannedArtifact, language: Language, title: str, *, indexed: bool
) -> Frame:
    """A frame whose language switcher leads to the editions' front pages."""
    homes = kit.frames.places(lambda other: (home_page(other.code), True))
    return kit.frames.frame(language, planned.path, homes, title=title, indexed=indexed)


PAGE_MAKERS: Mapping[str, Callable[[ViewContext, PlannedArtifact, Language], PageView]] = {
    "list": make_list_view,
    "month": make_month_view,
    "story": make_story_view,
    "dossier": make_dossier_view,
    "archive": make_archive_view,
    "static": make_static_view,
    "about-feed": make_about_feed_view,
    "feed-list": make_feed_list_view,
    "not-found": _not_found_page,
    "entrance": _entrance_page,
    "redirect": make_redirect_view,
}
"""Kind of planned artifact → what makes its view."""


def make_page_view(kit: ViewContext, planned: PlannedArtifact) -> PageView:
    """The view of one planned page."""
    return PAGE_MAKERS[planned.kind](kit, planned, kit.index.settings.languages[planned.lang])
