"""Addresses as Jekyll makes them, to the letter: from names of files, categories and patterns."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsfeed.core.arriving.moved_text import When

STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_TOKEN = re.compile(r":([a-z_]+)")
_PRETTY_SIGNS = frozenset("._~!$&'()+,;=@")
_SLASHES = re.compile(r"/{2,}")


def jekyll_slug(text: str, *, is_pretty: bool = False) -> str:
    """Return a text as a part of an address; ``is_pretty``: with capitals and more signs, as of titles."""
    found: list[str] = []
    for char in text:
        category = unicodedata.category(char)
        if category[0] in "LM" or category == "Nd" or (is_pretty and char in _PRETTY_SIGNS):
            found.append(char)
        elif found and found[-1] != "-":
            found.append("-")
    slug = "".join(found).strip("-")
    return slug if is_pretty else slug.lower()


def jekyll_path(
    pattern: str, slug: str, name: str, when: When | None, categories: Iterable[str], collection: str = ""
) -> str:
    """Return the path of a text, not yet encoded.

    name: of its file, without ending; in a collection with its folders.
    """
    stem = posixpath.basename(name)
    kept = list(dict.fromkeys(categories))
    values = {
        "title": jekyll_slug(slug, is_pretty=True),
        "slug": jekyll_slug(slug),
        "name": jekyll_slug(stem),
        "path": name,
        "basename": stem,
        "collection": collection,
        "output_ext": ".html",
        "categories": "/".join(dict.fromkeys(one.lower() for one in kept)),
        "slugified_categories": "/".join(dict.fromkeys(jekyll_slug(one) for one in kept)),
    }
    if when is not None:
        values |= _moment_values(when)
    path = _TOKEN.sub(lambda found: values.get(found[1], found[0]), pattern)
    path = _SLASHES.sub("/", f"/{path}")
    # A pattern without an ending, and without a slash at its end, makes a file with one.
    return path if path.endswith("/") or posixpath.splitext(path)[1] == ".html" else f"{path}.html"


def _moment_values(when: When) -> dict[str, str]:
    values = {
        "year": f"{when.year:04}",
        "short_year": f"{when.year % 100:02}",
        "month": f"{when.month:02}",
        "i_month": str(when.month),
        "short_month": when.strftime("%b"),
        "long_month": when.strftime("%B"),
        "day": f"{when.day:02}",
        "i_day": str(when.day),
        "y_day": f"{when.timetuple().tm_yday:03}",
        "week": f"{when.isocalendar()[1]:02}",
        "short_day": when.strftime("%a"),
        "long_day": when.strftime("%A"),
    }
    if isinstance(when, datetime):
        clock = {"hour": when.hour, "minute": when.minute, "second": when.second}
        values |= {name: f"{number:02}" for name, number in clock.items()}
    else:
        values |= dict.fromkeys(("hour", "minute", "second"), "00")
    return values


def jekyll_id(base_url: str, path: str, slug: str) -> str:
    """Return the id that the plugin jekyll-feed writes: the address with the slug as it was given."""
    inner = posixpath.join(posixpath.dirname(path.rstrip("/")), slug)
    return base_url.rstrip("/") + quote(inner, safe="/~@+:$&=!*'(),;%")
