"""What the last build left behind, so that the next one need not look at what has not changed.

Files are compared by their stamps. A file that was touched in the same moment as a build looked at it
could have changed once more without a trace; it counts as changed, and is read again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from newsfeed.build.background_check import check_in_background
from newsfeed.build.cache.file_stamps import Stamps, hold, packed
from newsfeed.build.cache.known import MANIFEST, Stamp, stamp_of
from newsfeed.config.site_layout import CONTENT_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from newsfeed.core.site.index import StoryRow
    from newsfeed.problems import Problem

_EVER = datetime.max.replace(tzinfo=UTC)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Idle:
    """When a build would do nothing, and what it would say."""

    surroundings: str
    inputs: Stamps | None
    """Of all content files; ``None`` when they cannot tell, because there are links."""
    since: datetime
    until: datetime
    """Between these moments the same stories are public."""
    outputs: Stamps
    """Of all published files."""
    manifest: Stamp | None
    pages: int
    feeds: int
    problems: tuple[Problem, ...]
    serial: str
    """Name of this very state; what is kept beside it bears the same."""

    def is_of(self, now: datetime) -> bool:
        """Whether the same stories are public at a moment."""
        return self.since <= now < self.until

    def is_in(self, folder: Path) -> Callable[[], bool]:
        """Whether it was the last build into a folder, and nobody has touched what that published. To be
        called for the answer, which is looked for in another process.
        """
        if manifest_stamp(folder) != self.manifest:
            return bool
        return check_in_background(partial(hold, folder), self.outputs.pieces())


def manifest_stamp(folder: Path) -> Stamp | None:
    """What the manifest of an output folder looks like."""
    return stamp_of(f"{folder}{os.sep}{MANIFEST}")


def new_serial() -> str:
    """A name that no other state has."""
    return os.urandom(8).hex()


def listing(root: Path) -> Stamps | None:
    """The stamps of all content files; ``None`` when they cannot tell, because there are links."""
    found: dict[str, os.stat_result] = {}
    try:
        if not all(_list(root / kind, kind, found) for kind in CONTENT_KINDS):
            return None
    except OSError:  # it went this very moment, or is no folder
        return None
    paths = sorted(found)
    return Stamps.joined(paths, packed(map(found.__getitem__, paths)))


def steady(rows: Iterable[StoryRow], now: datetime) -> tuple[datetime, datetime]:
    """The moments between which the same stories are public as now; in UTC, for which no zone is loaded."""
    turns = [moment for row in rows for moment in (row.date, row.expires) if moment is not None]
    since = max((turn for turn in turns if turn <= now), default=_NEVER)
    until = min((turn for turn in turns if turn > now), default=_EVER)
    return since.astimezone(UTC), until.astimezone(UTC)


def _list(folder: Path | str, shown: str, found: dict[str, os.stat_result]) -> bool:
    """Note all files in a folder that has this name in the site; whether there are no links."""
    try:
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return True
    folders = []
    try:  # files are looked at from their folder, not by their way from the root
        for entry in list(os.scandir(place)):
            name = entry.name
            if name.startswith("."):  # nothing of the site's
                continue
            if entry.is_symlink():
                return False
            if entry.is_dir():
                folders.append(name)
            else:
                found[f"{shown}/{name}"] = entry.stat()
    finally:
        os.close(place)
    return all(_list(f"{folder}{os.sep}{name}", f"{shown}/{name}", found) for name in folders)
