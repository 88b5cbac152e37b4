"""Plan entry → page view: everything one page shows, as values in its language.

`MAKERS` says which function makes which kind of page; each lives in the module of its family.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site.addresses import home_page
from newsfeed.core.site.pages.archive import archive_page
from newsfeed.core.site.pages.dossiers import dossier_page
from newsfeed.core.site.pages.feed_pages import about_feed_page, feed_list_page
from newsfeed.core.site.pages.kit import Kit
from newsfeed.core.site.pages.lists import list_page, month_page
from newsfeed.core.site.pages.moved import redirect_page
from newsfeed.core.site.pages.texts import static_page, story_page
from newsfeed.views import EntranceView, Frame, NotFoundView, PageView

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsfeed.core.site.artifact import Planned
    from newsfeed.settings import Language

__all__ = ["MAKERS", "Kit", "view_of"]


def _not_found_page(kit: Kit, planned: Planned, language: Language) -> NotFoundView:
    title = kit.words[language.code].gettext("Page not found")
    return NotFoundView(_nowhere(kit, planned, language, title, indexed=False))


def _entrance_page(kit: Kit, planned: Planned, language: Language) -> EntranceView:
    return EntranceView(_nowhere(kit, planned, language, "", indexed=True))


def _nowhere(kit: Kit, planned: Planned, language: Language, title: str, *, indexed: bool) -> Frame:
    """A frame whose language switcher leads to the editions' front pages."""
    homes = kit.frames.places(lambda other: (home_page(other.code), True))
    return kit.frames.frame(language, planned.path, homes, title=title, indexed=indexed)


MAKERS: Mapping[str, Callable[[Kit, Planned, Language], PageView]] = {
    "list": list_page,
    "month": month_page,
    "story": story_page,
    "dossier": dossier_page,
    "archive": archive_page,
    "static": static_page,
    "about-feed": about_feed_page,
    "feed-list": feed_list_page,
    "not-found": _not_found_page,
    "entrance": _entrance_page,
    "redirect": redirect_page,
}
"""Kind of planned artifact → what makes its view."""


def view_of(kit: Kit, planned: Planned) -> PageView:
    """The view of one planned page."""
    return MAKERS[planned.kind](kit, planned, kit.index.settings.languages[planned.lang])
