"""Find the places within a text that links lead to (``#there``), and links to places that are not there."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from newsfeed.core.site.places import has_place, is_place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from newsfeed.model import Link

_MARKED = re.compile(r"\b(?:id|name)\s*=", re.IGNORECASE)
_ID = re.compile(r'<[a-z][^<>]*? id="([^"]*)"')


def may_have_places(body: str) -> bool:
    """Tell whether a text may have ids: they come from HTML and from footnotes only."""
    return "[^" in body or ("<" in body and bool(_MARKED.search(body)))


def find_places(clean_html: str) -> frozenset[str]:
    """Return the ids in a text. ``clean_html``: the whole of it."""
    return frozenset(map(unescape, _ID.findall(clean_html)))


def find_dead_anchors(links: Iterable[Link], ids: Collection[str]) -> Iterator[Link]:
    """Yield the links to places of their own page that are not there. ``ids``: those in the text."""
    for link in links:
        anchor = link.target.removeprefix("#")
        if anchor != link.target and is_place(anchor) and not has_place(anchor, ids):
            yield link
