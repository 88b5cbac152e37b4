"""The main menu of an edition's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.headings import SECTION_HEADINGS
from newsfeed.marking import msgid

if TYPE_CHECKING:
    from collections.abc import Collection

    from newsfeed.settings import Settings


def list_menu(settings: Settings, lang: str, sections: Collection[str]) -> dict[str, str]:
    """Return path → message id of the links, in their order. ``sections``: the kinds of sections that there
    are.
    """
    menu = {urls.home_path(lang): msgid("News")}
    for name, heading in SECTION_HEADINGS.items():
        if name in sections:
            menu[urls.index_path(lang, name)] = heading
    menu[urls.archive_path(lang)] = msgid("Archive")
    if settings.search.enabled:
        menu[urls.search_path(lang)] = msgid("Search")
    menu[urls.feed_list_path(lang)] = msgid("RSS feeds")
    return menu
