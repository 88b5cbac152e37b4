"""What amendments have changed in what is held of a library: kept beside it, for it is large and they are
small.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from newsfeed.core.site.index import newest_first_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsfeed.build.cache.snapshot import Held
    from newsfeed.core.site.index import StoryRow
    from newsfeed.model import Library, Story

MOST = 500
"""Stories: with more, all is kept anew."""


@dataclass(frozen=True, slots=True)
class Amendments:
    """All that differs from what is kept as a whole."""

    base: str
    """Serial of the state of which that was kept."""
    stories: Mapping[str, Story | None] = field(default_factory=dict)
    """Changed stories; ``None`` for one that is gone."""
    rows: Mapping[str, StoryRow] = field(default_factory=dict)
    """Of those of them that are there."""
    others: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What differs in other tables of the library; `_GONE` for what is not there."""

    def followed(self, before: Held, after: Held, stories: Mapping[str, Story | None]) -> Amendments:
        """These, and then another one."""
        rows = {key: row for key, row in self.rows.items() if stories.get(key, row) is not None}
        if after.rows is not before.rows:
            rows |= {row.id: row for row in after.rows if row.id in stories}
        new = _differing(before.others, after.others)
        others = {name: {**self.others.get(name, {}), **new.get(name, {})} for name in {*self.others, *new}}
        return replace(self, stories={**self.stories, **stories}, rows=rows, others=others)

    def applied(self, held: Held) -> Held:
        """What is held after all of them."""
        if not self.stories:
            return held
        others = held.others
        tables: dict[str, Any] = {
            name: _patched(getattr(others, name) or {}, new) for name, new in self.others.items()
        }
        there = {key: story for key, story in self.stories.items() if story is not None}
        library = replace(others, **tables, stories=there)
        rows = held.rows
        if self.rows or len(there) < len(self.stories):
            gone = {*self.rows, *(self.stories.keys() - there.keys())}
            stay = (row for row in rows if row.id not in gone)
            rows = tuple(sorted((*stay, *self.rows.values()), key=newest_first_key))
        return held.changed(library, rows, self.stories.keys())

    def are_few(self) -> bool:
        """Whether they are worth keeping, instead of all anew."""
        return len(self.stories) <= MOST


_GONE = "\0gone"
"""Stands for no value: no table of a library has it."""


def _differing(before: Library, after: Library) -> dict[str, dict[str, Any]]:
    """Table → what has changed in it. Tables that are the same are the very same, mostly."""
    found: dict[str, dict[str, Any]] = {}
    for one in fields(before):
        old, new = getattr(before, one.name) or {}, getattr(after, one.name) or {}
        if one.name == "stories" or old is new:
            continue
        changed = {key: value for key, value in new.items() if old.get(key, _GONE) != value}
        changed |= dict.fromkeys(old.keys() - new.keys(), _GONE)
        if changed:
            found[one.name] = changed
    return found


def _patched(table: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**table, **new}.items() if value != _GONE}
