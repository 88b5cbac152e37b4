"""Addresses of an archive: as aliases, as names of texts, as keys by which links find them."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from newsfeed.core.content.aliases import format_alias, resolve_alias
from newsfeed.core.content.value_guesses import guess_slug
from newsfeed.core.site.urls import base_url_path

_INDEX = re.compile(r"(?:^|/)(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:html?|php|aspx?|md|markdown)$", re.IGNORECASE)
_DAY = re.compile(r"/((?:19|20|21)\d\d)[/-](\d\d?)[/-](\d\d?)(?=[/-])")


OUR_NAMES = frozenset(
    {
        "404.html", "archive", "authors", "countries", "donors", "feed", "feed.atom", "feed.json", "feed.rss",
        "feeds", "feeds.opml", "issues", "page", "programmes", "projects", "search", "topics",
    }
)  # fmt: skip
"""What lies, or may lie, below the folder of a language, beside pages and news."""


def split_url(url: str) -> SplitResult:
    """Return the parts of an address; of one that is none, such as ``http://[``, nothing."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def join_url(base: str, target: str) -> str:
    """Return where a target leads from an address; itself when that makes no address."""
    try:
        return urljoin(base, target)
    except ValueError:
        return target


def alias_of(url: str, base_url: str) -> tuple[str, str]:
    """Return (alias for an old address, ""), or ("", reason why there can be none).

    base_url: of the site; an address on any host becomes a path below it. What stands behind ``?`` is no
    part of a path.
    """
    parts = split_url(url)
    path, root = parts.path, base_url_path(base_url)
    path = path[len(root) :] if root != "/" and path.startswith(root) else path.lstrip("/")
    if parts.query:
        return "", "?"
    if not path:
        return "", "/"
    output, trouble = resolve_alias(path)
    return ("", trouble) if trouble else (format_alias(output), "")


def key_of_url(url: str) -> str:
    """Return what two spellings of one address have in common: host and path, without scheme, ``www.``, index
    file and anchor.
    """
    parts = split_url(url)
    if not any(parts):
        return url
    path = _INDEX.sub("", unquote(parts.path)).strip("/")
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.netloc.lower().removeprefix('www.')}/{path}{query}"


def slug_of_url(url: str, lang: str) -> str:
    """Return the name of a text in its address; empty when there is none."""
    path = _INDEX.sub("", unquote(split_url(url).path)).strip("/")
    return guess_slug(_ENDING.sub("", path.rpartition("/")[2]), lang)


def day_of_url(url: str) -> date | None:
    """Return the day that an address names, as in ``/2010/02/04/``."""
    found = _DAY.search(split_url(url).path)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
