"""Which pages search engines should know, and in which file of the sitemap each of them stands."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from newsfeed.core import urls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.core.site import Index, Planned
    from newsfeed.model import Content

MOST_URLS = 50_000
MOST_BYTES = 50 * 1024 * 1024
"""What one file may hold (sitemaps.org, protocol; Google counts bytes before compression)."""
_STEP = 256
"""Bytes to which the length of an entry is rounded up, so that a longer slug moves no cut."""


def sitemap_parts(index: Index, plan: Sequence[Planned]) -> list[Sequence[Planned]]:
    """The listed pages, file by file; one file when all fit into it.

    Of more, stories are cut from the oldest end, like lists: what is new changes only the last part,
    with all pages that list it, and never one before.
    """
    listed = [planned for planned in plan if planned.number == 0 and _is_listed(index, planned)]
    most = _most(index, listed)
    if len(listed) <= most:
        return [listed]
    stories = [planned for planned in listed if planned.kind == "story"]
    stories.sort(key=lambda one: (index.library.stories[one.key].date, one.key, one.lang))
    others = [planned for planned in listed if planned.kind != "story"]
    size = most // 2
    apart = len(others) > size
    room = most if apart else most - len(others)
    end = size * max(0, -(-(len(stories) - room) // size))
    older = [stories[start : start + size] for start in range(0, end, size)]
    if apart:
        rest = [others[start : start + most] for start in range(0, len(others), most)]
        return [*older, stories[end:], *rest]
    return [*older, [*stories[end:], *others]]


def content_of(index: Index, planned: Planned) -> Content | None:
    """The text of a page that shows one; ``None`` for lists."""
    if planned.kind == "story":
        return index.library.stories[planned.key]
    return index.library.pages[planned.key] if planned.kind == "static" else None


def _is_listed(index: Index, planned: Planned) -> bool:
    """Whether search engines should know a page: not what shows a text that has its page elsewhere."""
    if planned.kind == "list":
        return True
    content: Content | None
    if planned.kind == "dossier":
        library = index.library
        content = {"projects": library.projects, "programmes": library.programmes}[planned.section].get(
            planned.key
        )
        if content is None:
            return True
    else:
        content = content_of(index, planned)
        if content is None:
            return False
    shown = index.shown(index.settings.languages[planned.lang], content)
    return shown is None or not shown.is_fallback


def _most(index: Index, pages: Sequence[Planned]) -> int:
    """How many pages certainly fit into one file, however long their addresses are."""
    base = index.settings.site.base_url
    address = max((len(escape(base + urls.address(one.path))) for one in pages), default=0)
    language = max(len(code) for code in (*index.settings.languages, "x-default"))
    link = len('  <xhtml:link rel="alternate" hreflang="" href=""/>\n') + language + address
    rest = len("<url>\n  <loc></loc>\n  <lastmod>2000-01-01T00:00:00+00:00</lastmod>\n</url>\n") + address
    longest = rest + (len(index.settings.languages) + 1) * link
    rounded = -(-longest // _STEP) * _STEP
    return min(MOST_URLS, (MOST_BYTES - _STEP) // rounded)
