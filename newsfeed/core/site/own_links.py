"""Find absolute links of texts to the site itself that lead nowhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsfeed.core.site.urls import INDEX, base_url_path
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from newsfeed.model import Link
    from newsfeed.settings import SiteSettings

_SCHEME = re.compile(r"(?:https?:)?//", re.IGNORECASE)
DEAD_LINK = "own-link-dead"
"""Code of the problem."""
_FILES = "files"
"""Folder of assets."""


def strip_base_url(target: str, base_url: str) -> str | None:
    """Return what of a link stands behind the site's own address; ``None`` when it leads elsewhere."""
    scheme = _SCHEME.match(target)
    if scheme is None:
        return None
    own, given = base_url[base_url.index("//") + 2 :], target[scheme.end() :]
    if given + "/" == own:
        return ""
    return given[len(own) :] if given.lower().startswith(own.lower()) else None


def find_dead_own_links(
    own_links: Mapping[str, Sequence[Link]], published: Collection[str], site: SiteSettings
) -> Iterator[Problem]:
    """Yield a problem for each link to the site at which nothing is published.

    ``own_links``: content file → its absolute links to the site; ``published``: all output paths.

    At the root of a host other things may lie beside the editions: those are not judged.
    """
    shares_host = base_url_path(site.base_url) == "/"
    for path, links in own_links.items():
        for link in links:
            rest = strip_base_url(link.target, site.base_url) or ""
            target = unquote(re.split(r"[?#]", rest, maxsplit=1)[0])
            is_ours = not shares_host or target.partition("/")[0] in (*site.languages, _FILES)
            if is_ours and not any(name in published for name in output_names(target)):
                yield problem(DEAD_LINK, Location(path, link.line, link.column), value=link.target)


def output_names(target: str) -> Iterator[str]:
    """Yield the output paths that servers show at an address."""
    if target:
        yield target
        yield f"{target}.html"
    yield f"{target.removesuffix('/')}/{INDEX}".removeprefix("/")
