"""Clashes between two files, such as one address for both: report each once, at the newer file.

The mistake is nearly always in the newer file: somebody copied a story to begin another one. Version control
knows which that is; without it, the file whose path fits its id less.
"""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from newsfeed.core.content.links import derive_stem
from newsfeed.core.content.slugs import make_slug
from newsfeed.problems import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

ADDRESS_CLASHES = frozenset({"url-duplicate", "alias-taken", "path-alike"})
"""Told once for two texts, though each of their languages has an address."""
CLASHES = ADDRESS_CLASHES | {"original-twice", "id-duplicate", "author-ambiguous"}
"""Problems for which it matters which of two files is the newer one; the other is the parameter ``other``
or ``path``.
"""
_TO_DELETE = frozenset({"original-twice", "fact-conflict", "fact-in-translation"})
_OF_FACTS = frozenset(
    {
        "country-unknown",
        "date-invalid",
        "donor-unknown",
        "enclosure-missing",
        "enclosure-type",
        "id-invalid",
        "partner-unknown",
        "period-invalid",
        "programme-unknown",
        "project-unknown",
        "topic-unknown",
    }
)
"""What can be wrong with facts alone."""
_DATE = re.compile(r"^date[ \t]*[:=]", re.MULTILINE)
"""Facts stand in the original only."""
_SLUG = re.compile(r"^slug[ \t]*[:=][ \t]*(?=\S)", re.MULTILINE)


def list_clashing_files(problems: Iterable[Problem]) -> frozenset[str]:
    """Return all files of which it has to be known which are newer."""
    clashing = [one for one in problems if one.code in CLASHES]
    return frozenset(path for one in clashing for path in (one.where.path, _other(one)) if "/" in path)


def is_newer(path: str, other: str, identifier: str, added: Mapping[str, float]) -> bool:
    """Return whether a file, rather than the other, is the one that came later.

    ``identifier``: the id that both claim, or empty; ``added``: path → when it came into version control
    (POSIX seconds; infinite when it is not there yet), of the files of which that is known.
    """
    if path in added and other in added and added[path] != added[other]:
        return added[path] > added[other]
    fits, other_fits = (_fit(one, identifier) for one in (path, other))
    return fits < other_fits if fits != other_fits else path > other


def without_follow_ups(problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems without those that vanish when another one is mended.

    A line that is to be deleted need not be right; a file without words is told as the original that it is.
    """
    deleted = {(one.where.path, one.where.line) for one in problems if one.code in _TO_DELETE}
    repeating = {path for path, _ in deleted}
    missing = {one.where.path for one in problems if one.code == "original-missing"}
    return [
        one
        for one in problems
        if (one.code in _TO_DELETE or (one.where.path, one.where.line) not in deleted)
        and not (one.code in _OF_FACTS and one.where.path in repeating)
        and not (one.code == "file-empty" and one.where.path in missing)
    ]


def merge_id_clashes(problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems; of several texts with one id each is told once, against the one that keeps it.

    Each was told against every other that had the id for a while, for the owner may have come last.
    """
    losing = {(_claim(one), one.where.path) for one in problems if one.code == "id-duplicate"}
    keeping = {
        _claim(one): _other(one)
        for one in problems
        if one.code == "id-duplicate" and (_claim(one), _other(one)) not in losing
    }
    merged: dict[Problem, None] = {}
    for one in problems:
        owner = keeping.get(_claim(one), "") if one.code == "id-duplicate" else ""
        params = tuple((name, owner if name == "other" else value) for name, value in one.params)
        merged[replace(one, params=params) if owner else one] = None
    return list(merged)


def _claim(one: Problem) -> tuple[str, str]:
    """Return the content folder and the id of what clashes: stories and pages may have the same."""
    return one.where.path.partition("/")[0], dict(one.params).get("value", "")


def attribute_address_clashes(
    problems: Sequence[Problem], added: Mapping[str, float], read: Callable[[str], str]
) -> list[Problem]:
    """Return the problems; an address of two texts is reported once, at the newer one and its ``slug``.

    ``read``: returns the text of a file.
    """
    attributed: list[Problem] = []
    told: set[frozenset[str]] = set()
    placed = [_at_newer_slug(one, added, read) if _is_of_two_texts(one) else one for one in problems]
    for one in sorted(placed, key=lambda found: _rank(found, added, read)):
        if one.code not in ADDRESS_CLASHES or "/" not in _other(one):
            attributed.append(one)
            continue
        texts = frozenset((derive_stem(one.where.path), derive_stem(_other(one))))
        pair = frozenset((one.where.path, _other(one))) if one.where.line > 1 else texts
        if told.isdisjoint((pair, texts)):
            attributed.append(one)
        told |= {pair, texts}
    return attributed


def _is_of_two_texts(one: Problem) -> bool:
    return one.code == "url-duplicate" and "/" in _other(one)


def _rank(found: Problem, added: Mapping[str, float], read: Callable[[str], str]) -> int:
    """Return 1 for what comes behind: an alias told at the older file, an address at a translation."""
    if _is_of_two_texts(found):
        return int(_DATE.search(read(found.where.path)) is None)
    if found.code != "alias-taken" or "/" not in _other(found):
        return 0
    return int(not is_newer(found.where.path, _other(found), _name(found), added))


def _at_newer_slug(one: Problem, added: Mapping[str, float], read: Callable[[str], str]) -> Problem:
    path, other = one.where.path, _other(one)
    if is_newer(other, path, _name(one), added):
        path, other = other, path
    found = _SLUG.search(text := read(path))
    line, column = 1, 1
    if found:
        line = text.count("\n", 0, found.start()) + 1
        column = found.end() - found.start() + 1
    params = tuple((name, other if name == "other" else value) for name, value in one.params)
    return replace(one, where=Location(path, line, column), params=params)


def _other(one: Problem) -> str:
    params = dict(one.params)
    return params.get("path") or params.get("other", "")


def _name(one: Problem) -> str:
    """Return the name at the end of the address that clashes."""
    return dict(one.params).get("value", "").rstrip("/").rpartition("/")[2].removesuffix(".html")


def _fit(path: str, identifier: str) -> float:
    """Return 0 to 1 for how much a path looks as if the id had been made from it."""
    if not identifier:
        return 0
    name = make_slug(derive_stem(path).rpartition("/")[2])
    return SequenceMatcher(None, name, identifier).ratio()
