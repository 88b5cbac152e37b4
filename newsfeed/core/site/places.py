"""Find links to places in other texts that are not there: ``sun.en.md#results``, or by a page's address."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsfeed.core.content.languages import find_first_available
from newsfeed.core.site.own_links import output_names, strip_base_url
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from newsfeed.core.site.index import SiteIndex
    from newsfeed.model import Content, Link

IDS_OF_PAGE = frozenset({"content"})
"""Those of the page around a text."""
DEAD_PLACE = "place-dead"
"""Code of the problem."""
_NEAREST = 3
_FOR_BROWSERS = (":~:", "/", "!")
"""What follows is no id: a text to be marked, or something that a script reads."""


def is_place(anchor: str) -> bool:
    """Tell whether what stands behind ``#`` names a place of its own; ``top`` is in every page."""
    return bool(anchor) and anchor.lower() != "top" and not anchor.startswith(_FOR_BROWSERS)


def has_place(anchor: str, ids: Collection[str]) -> bool:
    """Tell whether a text with these ids, or the page around it, has a place."""
    return any(one in ids or one in IDS_OF_PAGE for one in (anchor, unquote(anchor)))


def name_similar(anchor: str, ids: Iterable[str]) -> str:
    """Return the ids that are most like one that is not there, as a list for an editor."""
    nearest = get_close_matches(unquote(anchor), sorted(ids), n=_NEAREST, cutoff=0.4)
    return ", ".join(f"#{one}" for one in nearest) or "–"


def find_dead_places(index: SiteIndex) -> Iterator[Problem]:
    """Yield a problem for each link to a place that the text it leads to does not have.

    All texts are looked at each time: the place may have gone though nobody touched the link.
    """
    library = index.all_content
    for path, place_links in library.place_links.items():
        for link, text in place_links:
            yield from _check(path, link, text, library.anchors.get(text, ()))
    placed = {path: [one for one in links if "#" in one.target] for path, links in library.own_links.items()}
    if any(placed.values()):
        texts = _find_texts(index, {_address(index, link) for links in placed.values() for link in links})
        for path, links in placed.items():
            for link in links:
                if text := texts.get(_address(index, link), ""):
                    yield from _check(path, link, text, library.anchors.get(text, ()))


def _check(path: str, link: Link, text: str, ids: Collection[str]) -> Iterator[Problem]:
    anchor = link.target.partition("#")[2]
    if is_place(anchor) and not has_place(anchor, ids):
        where = Location(path, link.line, link.column)
        yield problem(DEAD_PLACE, where, value=f"#{anchor}", other=text, known=name_similar(anchor, ids))


def _address(index: SiteIndex, link: Link) -> str:
    """Return what a link to the site names of it, without its own beginning and without the place."""
    rest = strip_base_url(link.target, index.settings.site.base_url) or ""
    return unquote(re.split(r"[?#]", rest, maxsplit=1)[0])


def _find_texts(index: SiteIndex, addresses: Iterable[str]) -> Mapping[str, str]:
    """Return address → the content file that the page there shows; of those that show one text."""
    wanted = {name: address for address in addresses for name in output_names(address)}
    slugs = {part for name in wanted for part in name.removesuffix(".html").split("/")}
    found = {}
    for row in index.rows.values():
        if not slugs.isdisjoint(row.slugs.values()):  # few are: only their pages are worked out
            for language in index.settings.editions:
                page, shown = row.page(language), find_first_available(language.chain, row.slugs)
                if page is not None and shown is not None and page[0] in wanted:
                    found[wanted[page[0]]] = index.library.stories[row.id].items[shown[0]].path
    library = index.library
    others: list[Content] = [
        *library.pages.values(),
        *library.projects.values(),
        *library.programmes.values(),
    ]
    for content in others:
        for language in index.settings.editions:
            text = index.shown_text(language, content)
            if text is not None:
                path = index.page_path(language.code, content, text.item)
                if path in wanted:
                    found[wanted[path]] = text.item.path
    return found
