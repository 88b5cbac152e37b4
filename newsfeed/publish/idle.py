"""The quickest build of all: nothing has changed since the last one, so that nothing is even read.

Files are compared by their stamps. A file that was touched in the same moment as the last build
looked at it could have changed once more without a trace; after such a build all is read again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsfeed.model import KINDS
from newsfeed.publish.memory import Stamp, is_settled, stamp_of
from newsfeed.publish.output import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from newsfeed.model import Story
    from newsfeed.problems import Problem

_EVER = datetime.max.replace(tzinfo=UTC)
_NEVER = datetime.min.replace(tzinfo=UTC)
Listing = tuple[tuple[str, Stamp], ...]


@dataclass(frozen=True, slots=True)
class Idle:
    """When a build would do nothing, and what it would say."""

    surroundings: str
    inputs: Listing
    since: datetime
    until: datetime
    """Between these moments the same stories are public."""
    outputs: Listing
    pages: int
    feeds: int
    problems: tuple[Problem, ...]


def listing(root: Path) -> Listing | None:
    """The stamps of all content files; ``None`` when they cannot tell: links, or too fresh a change."""
    found: list[tuple[str, Stamp]] = []
    if not all(_list(f"{root}{os.sep}{kind}", found) for kind in KINDS):
        return None
    if not is_settled(moment for _, stamp in found for moment in stamp[1:]):
        return None
    return tuple(sorted(found))


def looks(folder: Path, paths: Iterable[str]) -> Listing:
    """The stamps of published files, and of the list of them."""
    found = ((path, stamp_of(f"{folder}{os.sep}{path}") or ()) for path in (MANIFEST, *paths))
    return tuple(sorted(found))


def nothing_to_do(
    idle: object, surroundings: str, inputs: Listing | None, folder: Path, now: datetime
) -> Idle | None:
    """What the last build knew (``idle``), when a build would do nothing now."""
    if not isinstance(idle, Idle) or idle.surroundings != surroundings or idle.inputs != inputs:
        return None
    if not idle.since <= now < idle.until:
        return None
    if any(stamp_of(f"{folder}{os.sep}{path}") != stamp for path, stamp in idle.outputs):
        return None
    return idle


def steady(stories: Mapping[str, Story], now: datetime) -> tuple[datetime, datetime]:
    """The moments between which the same stories are public as now."""
    turns = [story.date for story in stories.values()]
    turns += [story.expires for story in stories.values() if story.expires is not None]
    since = max((turn for turn in turns if turn <= now), default=_NEVER)
    until = min((turn for turn in turns if turn > now), default=_EVER)
    return since, until


def _list(folder: str, found: list[tuple[str, Stamp]]) -> bool:
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return True
    except OSError:
        return False
    for entry in entries:
        if entry.is_symlink():
            return False
        if entry.is_dir():
            if not _list(entry.path, found):
                return False
            continue
        looks = entry.stat()
        found.append((entry.path, (looks.st_size, looks.st_mtime_ns, looks.st_ctime_ns)))
    return True
