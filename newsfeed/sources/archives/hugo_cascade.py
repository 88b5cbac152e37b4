"""Values that a section or the configuration of a site of Hugo hands down to the pages below."""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from newsfeed.sources.archives.heads import string, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NO_VALUES = frozenset({"target", "_target", "params"})
_PAGE = "page"


class _Cascade(NamedTuple):
    """Values, and which pages they are for."""

    target: Mapping[str, Any]
    values: Mapping[str, Any]

    def is_for(self, lang: str, page: str) -> bool:
        """Tell whether a page is meant; an empty target means all."""
        patterns = (("path", f"/{page}".lower()), ("kind", _PAGE), ("lang", lang))
        return all(
            fnmatchcase(value, string(self.target, key).replace("**", "*").lower() or "*")
            for key, value in patterns
        )


class Cascades:
    """Everything that is handed down in a site; nearer sections win over those above them."""

    def __init__(self, of_site: object) -> None:
        """of_site: the value of ``cascade`` in the configuration."""
        self._of_site = list(_read(of_site))
        self._by_section: dict[tuple[str, str], list[_Cascade]] = {}

    def add(self, lang: str, section: str, head: Mapping[str, Any]) -> None:
        """Take what the head of a section, such as ``posts/2020``, hands down; the top is an empty one."""
        self._by_section[lang, section] = list(_read(head.get("cascade")))

    def complete(self, lang: str, page: str, head: dict[str, Any]) -> dict[str, Any]:
        """Return the head of a page with what it is handed down and does not say itself."""
        found: dict[str, Any] = {}
        cascades = [*self._of_site]
        for section in _above(page):
            cascades += self._by_section.get((lang, section), [])
        for cascade in cascades:
            if cascade.is_for(lang, page):
                found |= cascade.values
        return {**found, **head}


def _above(page: str) -> Iterator[str]:
    """Yield the sections above a page, from the top."""
    yield ""
    names = posixpath.dirname(page).split("/") if "/" in page else []
    yield from ("/".join(names[: count + 1]) for count in range(len(names)))


def _read(value: object) -> Iterator[_Cascade]:
    """Yield what a value of ``cascade`` hands down: it is one table, or a list of them."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            target = table(one, "target") or table(one, "_target")
            own = {key: found for key, found in one.items() if key not in _NO_VALUES}
            yield _Cascade(target, {**table(one, "params"), **own})
