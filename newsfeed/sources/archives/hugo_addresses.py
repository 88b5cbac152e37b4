"""Addresses as Hugo makes them, to the letter: from names of files, titles and patterns."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from newsfeed.sources.archives.heads import string

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsfeed.core.arriving.moved_text import When
    from newsfeed.sources.archives.hugo_config import HugoConfig

_TOKEN = re.compile(r":(?:sections\[(?P<slice>[^\[\]]{1,20})\]|(?P<name>\w+))")
_SIGNS = frozenset("./\\_#+~-@")
_LEFT_BY_GO = "/~@+:$&=!*'(),;%"
"""Signs that Go leaves in the path of an address."""


class HugoPage(NamedTuple):
    """A page, as its address depends on it."""

    lang: str
    path: str
    """Below the content folder, without language and ending; a bundle by its folder."""
    head: Mapping[str, Any]
    date: When | None
    is_section: bool = False


def clean_path(text: str) -> str:
    """Return a text as it stands in addresses: letters, digits and a few signs; blanks are hyphens."""
    found: list[str] = []
    needs_hyphen = False
    for at, char in enumerate(text):
        if _is_allowed(text, at, char):
            if needs_hyphen and char != "-":
                found.append("-")
            needs_hyphen = False
            found.append(char)
        elif found and found[-1] != "-" and char.isspace():
            needs_hyphen = True
    return "".join(found)


def clean_name(text: str) -> str:
    """Return a name of files or terms as it stands in addresses: each blank is a hyphen, also beside signs
    that go, and beside other hyphens.
    """
    return clean_path("".join("-" if char.isspace() else char for char in text))


def _is_allowed(text: str, at: int, char: str) -> bool:
    if char == "%":
        return len(text) > at + 2 and all(one in "0123456789abcdefABCDEF" for one in text[at + 1 : at + 3])
    return char in _SIGNS or unicodedata.category(char)[0] in "LM" or unicodedata.category(char) == "Nd"


def page_path(page: HugoPage, config: HugoConfig) -> str:
    """Return the path of a page, as Hugo makes it from head, section and configuration; not yet encoded."""
    prefix = config.prefix(page.lang)
    if given := string(page.head, "url"):
        return given if given.startswith(("/", "http")) else f"{prefix}/{given}"
    section = page.path.partition("/")[0] if "/" in page.path else ""
    pattern = "" if page.is_section else config.permalink(page.lang, section)
    if pattern:
        path = _from_pattern(pattern, page, section)
    else:
        folder, name = posixpath.split(page.path)
        path = posixpath.join("/", folder, clean_path(string(page.head, "slug")) or name, "")
    path = clean_name(path)
    path = path if config.keeps_capitals else path.lower()
    return prefix + (f"{path.rstrip('/')}.html" if config.is_ugly and not page.is_section else path)


def whole_address(base_url: str, path: str) -> str:
    """Return the whole address of a path below the site's, as Hugo writes it into feeds; only the path where
    nobody knows where the site was.
    """
    if path.startswith("http") or not base_url:
        return path
    return base_url.rstrip("/") + quote(path, safe=_LEFT_BY_GO)


def alias_paths(alias: str, path: str, prefix: str) -> tuple[str, ...]:
    """Return the addresses that an alias in a head means. ``path``: of the page; ``prefix``: of its language,
    which newer versions put before a whole path, and older ones did not.
    """
    if not alias.startswith("/"):
        above = posixpath.dirname(path.rstrip("/"))
        return (posixpath.normpath(posixpath.join("/", above, alias)) + ("/" if alias.endswith("/") else ""),)
    return (prefix + alias, alias) if prefix else (alias,)


def _from_pattern(pattern: str, page: HugoPage, section: str) -> str:
    name, date = PurePosixPath(page.path).name, page.date
    title, slug = string(page.head, "title"), string(page.head, "slug")
    sections = posixpath.dirname(page.path).split("/")
    values = {"section": section, "sections": "/".join(sections), "filename": name, "contentbasename": name}
    values |= {"title": clean_path(title), "slug": clean_path(slug or title)}
    values |= dict.fromkeys(("slugorfilename", "slugorcontentbasename"), clean_path(slug or name))
    if date is None:
        values |= {"year": "1", "month": "01", "day": "01"}  # the zero of Go's time
    else:
        values |= {
            "year": f"{date.year:04}",
            "month": f"{date.month:02}",
            "day": f"{date.day:02}",
            "monthname": _MONTHS[date.month - 1],
            "weekday": str(date.isoweekday() % 7),
            "weekdayname": _DAYS[date.weekday()],
            "yearday": str(date.timetuple().tm_yday),
        }

    def value(found: re.Match[str]) -> str:
        if found["slice"] is not None:
            return "/".join(_slice(sections, found["slice"]))
        return values.get(found["name"], found[0])

    return f"/{_TOKEN.sub(value, pattern).strip('/')}/"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _slice(sections: list[str], written: str) -> list[str]:
    """Return some of the sections: ``1``, ``1:``, ``:last`` and the like."""
    last = len(sections) - 1

    def number(word: str, usual: int) -> int:
        return last if word == "last" else int(word) if word.isdigit() else usual

    begin, colon, end = written.partition(":")
    if not colon:
        at = number(begin, 0)
        return sections[at : at + 1]
    return sections[number(begin, 0) : number(end, last + 1)]
