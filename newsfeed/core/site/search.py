"""The search of an edition: its page, and its stories cut into the parts of an index.

Parts are cut from the oldest end, like lists: what is new changes only the last one, and a corrected text
only the one that holds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.artifact import PlannedArtifact
from newsfeed.core.site.sections import SITE, Section

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from newsfeed.core.site.index import SiteIndex, StoryRow
    from newsfeed.settings import Language

PART_SIZE = 500
"""Stories of one part: readers load something of each, and an edit makes one anew, in most of a second."""
SCRIPT = "search.js"
"""Output path of the script of search pages."""


def cut_search(index: SiteIndex, language: Language) -> list[Sequence[StoryRow]]:
    """Return the stories of an edition, oldest first, part by part."""
    rows = index.lists.shown_in(language, Section(SITE))[::-1]
    return [rows[start : start + PART_SIZE] for start in range(0, len(rows), PART_SIZE)]


def plan_search(index: SiteIndex, language: Language) -> Iterator[PlannedArtifact]:
    """Yield the search page of an edition and the parts of its index; nothing where search is off."""
    if index.settings.search.enabled:
        yield _page(language)
        for number in range(1, len(cut_search(index, language)) + 1):
            yield _part(language, number)


def plan_script(index: SiteIndex) -> Iterator[PlannedArtifact]:
    """Yield the script that all search pages share; nothing where search is off."""
    if index.settings.search.enabled:
        yield PlannedArtifact(SCRIPT, "search-script")


def find_touched_parts(
    keys: Collection[str], index: SiteIndex, other: SiteIndex, language: Language
) -> Iterator[PlannedArtifact]:
    """Yield the parts that hold some stories, or other ones than on another site; and the page, which knows
    how many there are.
    """
    if not index.settings.search.enabled:
        return
    ours, theirs = cut_search(index, language), cut_search(other, language)
    for number, part in enumerate(ours, 1):
        ids = [row.id for row in part]
        is_there = number <= len(theirs) and ids == [row.id for row in theirs[number - 1]]
        if not is_there or any(key in keys for key in ids):
            yield _part(language, number)
    if len(ours) != len(theirs):
        yield _page(language)


def _page(language: Language) -> PlannedArtifact:
    return PlannedArtifact(urls.search_path(language.code), "search", language.code)


def _part(language: Language, number: int) -> PlannedArtifact:
    path = urls.search_part_folder(language.code, number) + urls.SEARCH_ENTRY
    return PlannedArtifact(path, "search-part", language.code, number=number)
