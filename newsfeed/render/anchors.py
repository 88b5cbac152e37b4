"""Places within a page that links lead to: ``#there``."""

from __future__ import annotations

import re
from difflib import get_close_matches
from html import unescape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from newsfeed.render.elements import IDS_OF_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsfeed.model import Link

_ID = re.compile(r'<[a-z][^<>]*? id="([^"]*)"')
_NEAREST = 3
_FOR_BROWSERS = (":~:", "/", "!")
"""What follows is no id: a text to be marked, or something that a script reads."""


class DeadAnchor(NamedTuple):
    """A link to a place that its page does not have."""

    link: Link
    nearest: tuple[str, ...]
    """Places that it has, the most similar first."""


def find_dead_anchors(links: Iterable[Link], clean_html: str) -> Iterator[DeadAnchor]:
    """Yield the links to places of their own page that are not there. ``clean_html``: of the whole text."""
    ids = {unescape(one) for one in _ID.findall(clean_html)} | IDS_OF_PAGE
    for link in links:
        anchor = link.target.removeprefix("#")
        if anchor == link.target or not anchor or anchor.startswith(_FOR_BROWSERS):
            continue
        if anchor.lower() != "top" and anchor not in ids and unquote(anchor) not in ids:
            nearest = get_close_matches(unquote(anchor), sorted(ids - IDS_OF_PAGE), n=_NEAREST, cutoff=0.4)
            yield DeadAnchor(link, tuple(nearest))
