"""Write the rows of a snapshot as plain values, which are loaded in a fraction of the time.

A module of its own: a build in which nothing changed opens the cache, and needs neither rows nor their
modules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsfeed.core.site.index import StoryRow

ROWS = "rows"
"""Name of the value in the cache."""


def _pack_rows(rows: tuple[StoryRow, ...]) -> object:
    """Return plain tuples of rows, with numbers for their sections."""
    sections = {section: None for row in rows for section in row.sections}
    numbers = {section: number for number, section in enumerate(sections)}
    names = [tuple(section) for section in sections]
    return names, [(*row[:-1], [numbers[section] for section in row.sections]) for row in rows]


def _unpack_rows(values: Any) -> tuple[StoryRow, ...]:
    from newsfeed.core.site.index import StoryRow
    from newsfeed.core.site.sections import Section

    names, rows = values
    sections = [Section(*name) for name in names]
    return tuple(
        [StoryRow._make((*row[:-1], tuple([sections[number] for number in row[-1]]))) for row in rows]
    )


CODECS = {ROWS: (_pack_rows, _unpack_rows)}
"""Functions that write and read values of a snapshot: see `newsfeed.build.cache.store.BuildCache`."""
