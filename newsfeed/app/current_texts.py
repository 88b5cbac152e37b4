"""Read what the texts of a site say now: as the last build left them, with what changed since; or anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newsfeed.errors import ProblemsFound
from newsfeed.problems import select_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsfeed.app.last_build import LastBuild
    from newsfeed.build.cache.snapshot import LibrarySnapshot
    from newsfeed.build.context import ReadingContext
    from newsfeed.core.content.links import LinkMap
    from newsfeed.core.site.index import StoryRow
    from newsfeed.model import Library


class CurrentTexts(NamedTuple):
    """The library as the files say it now."""

    library: Library
    context: ReadingContext
    rows: Sequence[StoryRow] | None = None
    """Of its stories, newest first, where these are at hand."""
    has: Callable[[str], bool] | None = None
    """Tells whether there is a content file, where that is known."""
    errors: int = 0
    """In files that were left out."""


def read_current_texts(
    root: Path, output: Path, now: datetime, environment: Mapping[str, str]
) -> CurrentTexts:
    """Return the library as the last build left it, with what changed since; or read anew, without files that
    have errors.
    """
    from newsfeed.app import site as app

    known = ask_last_build(root, output, environment)
    if known is not None:
        return known
    site = app.read(root, now, keep_going=True)
    errors = len(select_errors(site.problems))
    return CurrentTexts(site.loaded.library, site.context, site.loaded.rows, errors=errors)


def ask_last_build(root: Path, output: Path, environment: Mapping[str, str]) -> CurrentTexts | None:
    """Return the library as the last build left it, with what changed since; ``None`` when that is too much,
    or wrong.
    """
    from newsfeed.app.last_build import open_last_build
    from newsfeed.build.cache.store import CacheDamagedError

    last = open_last_build(root, output, environment)
    try:
        return None if last is None else _ask(last)
    except (ProblemsFound, CacheDamagedError):  # it is read whole, and what is wrong left out
        return None


def _ask(last: LastBuild) -> CurrentTexts | None:
    """Return what the last build knew, with what changed since; ``None`` when that is too much."""
    from newsfeed.build.cache.snapshot import LibrarySnapshot

    snapshot, context, changed = LibrarySnapshot.read(last.cache), last.context(), last.find_changed()
    if snapshot is None or context is None or changed is None:
        return None
    there = frozenset(last.inputs.stats.paths())
    known = CurrentTexts(snapshot.library(), context, snapshot.rows, there.__contains__)
    return _with_changes(known, snapshot, last.root, changed) if changed else known


class _Before(NamedTuple):
    """The site before a change: see `newsfeed.build.changed_files.KnownTexts`."""

    all_content: Library
    links: LinkMap


def _with_changes(
    known: CurrentTexts, snapshot: LibrarySnapshot, root: Path, changed: set[str]
) -> CurrentTexts | None:
    """Return what is known with some files as they are now; ``None`` when these are too many, or no
    stories.
    """
    from newsfeed.build.changed_files import read_changed
    from newsfeed.build.incremental import MOST, merge_rows
    from newsfeed.core.content.links import LinkMap

    if len(changed) > MOST:
        return None
    before = _Before(known.library, LinkMap.of(known.library, known.context.settings.links.allow))
    read = read_changed(known.context, snapshot, before, changed)
    if read is None:
        return None
    rows, _ = merge_rows(snapshot.rows, read)
    return CurrentTexts(read.library, known.context, rows, lambda path: (root / path).exists())
