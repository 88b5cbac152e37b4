"""Find which of a text's files is its original, and report when none is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsfeed.core.content.links import derive_stem
from newsfeed.core.content.parse import guess_stems
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.core.content.parse import ParsedFile
    from newsfeed.core.content.reference_data import ReferenceData

_TEXT_ENDING = re.compile(r"\.(?:md|markdown|mdown|mkd|txt)$", re.IGNORECASE)
"""Of files that are no texts of the site, but were probably meant as such."""


def find_original(
    group: Sequence[ParsedFile], reference: ReferenceData
) -> tuple[ParsedFile | None, list[Problem]]:
    """Return the file that holds the facts: of a story one with ``date``, else the default language's."""
    default = reference.settings.site.default_language
    if group[0].kind == "news":
        dated = [parsed for parsed in group if "date" in parsed.facts]
        if dated:
            return min(dated, key=lambda parsed: _rank(parsed, reference)), []
        # A date that is there but cannot be read is reported already; do not say it is missing.
        known = any("date" in parsed.unread_facts for parsed in group)
        return None, [] if known else _missing(group, reference)
    for parsed in group:
        if parsed.lang == default or len(group) == 1:
            return parsed, []
    if any(not one.is_empty for one in reference.find_unread(group[0].stem)):
        return None, []
    return None, [problem("original-unclear", Location(group[0].path), language=default)]


def _rank(parsed: ParsedFile, reference: ReferenceData) -> tuple[float, int, bool, str]:
    """Return what is least for the original of several files with a date: the oldest, the fullest."""
    default = reference.settings.site.default_language
    facts = len(parsed.facts) + len(parsed.unread_facts)
    return reference.added.get(parsed.path, 0), -facts, parsed.lang != default, parsed.path


def _missing(group: Sequence[ParsedFile], reference: ReferenceData) -> list[Problem]:
    """Return the problem of a story without a date, at the file that should have it."""
    stem = group[0].stem
    unread = reference.find_unread(stem)
    if any(not one.is_empty for one in unread):  # it has the facts, and its own mistake is told
        return []
    default = reference.settings.site.default_language
    own = [one.path for one in group if one.lang == default or one.facts]
    aside = [path for path in reference.assets if _TEXT_ENDING.search(path) and stem in guess_stems(path)]
    if places := [*own, *(one.path for one in unread), *aside]:
        return [problem("original-missing", Location(places[0]))]
    folder, _, name = stem.rpartition("/")
    others = {derive_stem(path) for path in reference.texts} - {stem}
    near = [other.rpartition("/")[2] for other in sorted(others) if other.rpartition("/")[0] == folder]
    return [problem("translation-alone", Location(group[0].path), near, value=name)]
