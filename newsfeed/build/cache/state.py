"""Describe how the last build left a site and its output, so that the next one can skip what stayed.

Files are compared by their stats. Where a stat is another one than before, or was too young to be trusted,
the hash of what is in the file decides (`newsfeed.build.cache.content_hash`).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from newsfeed.build.background_check import check_in_background
from newsfeed.build.cache.content_files import ContentFiles
from newsfeed.build.cache.content_hash import file_hash, has_same_content, is_as_published
from newsfeed.build.cache.file_stats import FileStat, FileStats, file_stat, pack_stats, read_stats
from newsfeed.build.manifest import MANIFEST
from newsfeed.config.site_layout import CONTENT_KINDS
from newsfeed.core.site.unpublished import ALL_PUBLISHED, Unpublished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from newsfeed.build.cache.store import BuildCache
    from newsfeed.core.site.index import StoryRow
    from newsfeed.problems import Problem

_EVER = datetime.max.replace(tzinfo=UTC)
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OutputCheck:
    """A check of an output folder that goes on in another process."""

    state: BuildState
    """A site and its output as the last build left them, with the present stats of published files."""
    passes: Callable[[], bool]
    """Tells, when it is known, whether the folder is as that build left it."""


@dataclass(frozen=True, slots=True)
class BuildState:
    """A site and its output as a build left them, and what it would say again."""

    inputs: ContentFiles | None
    """All content files; ``None`` when they cannot tell, because there are links."""
    since: datetime
    until: datetime
    """Between these moments the same stories are public."""
    outputs: FileStats
    """Of all published files."""
    manifest: FileStat | None
    manifest_hash: str
    pages: int
    feeds: int
    problems: tuple[Problem, ...]
    serial: str
    """Name of this very state: the other values in the cache are of the same build."""
    unpublished: Unpublished = ALL_PUBLISHED
    """Stories that are not public between those moments."""

    @classmethod
    def read(cls, cache: BuildCache) -> BuildState | None:
        """Read how the last build left things; ``None`` when something is missing."""
        parts = [cache.read(name) for name in ("state", *_FILES)]
        if any(part is None for part in parts):
            return None
        state, names, numbers, hashes, output_names, output_numbers = parts
        inputs = ContentFiles(FileStats(names, numbers), hashes) if state["has_inputs"] else None
        outputs = FileStats(output_names, output_numbers)
        return cls(inputs=inputs, outputs=outputs, **{name: state[name] for name in _SMALL})

    @staticmethod
    def read_inputs(cache: BuildCache) -> ContentFiles | None:
        """Read how the last build left the content files, and nothing else of it; ``None`` when it cannot
        tell.
        """
        state, names, numbers, hashes = [cache.read(name) for name in ("state", *_FILES[:3])]
        if state is None or names is None or numbers is None or hashes is None or not state["has_inputs"]:
            return None
        return ContentFiles(FileStats(names, numbers), hashes)

    def values(self) -> dict[str, object]:
        """Return what is to be written, by its names."""
        inputs = self.inputs or ContentFiles(FileStats(), b"")
        files = (
            inputs.stats.names,
            inputs.stats.numbers,
            inputs.hashes,
            self.outputs.names,
            self.outputs.numbers,
        )
        state = {"has_inputs": self.inputs is not None, **{name: getattr(self, name) for name in _SMALL}}
        return {"state": state, **dict(zip(_FILES, files, strict=True))}

    def is_of(self, now: datetime) -> bool:
        """Tell whether the same stories are public at a moment."""
        return self.since <= now < self.until

    def has_errors(self) -> bool:
        """Tell whether texts had errors, and were left out."""
        if not self.problems:
            return False
        from newsfeed.problems import select_errors

        return bool(select_errors(self.problems))

    def check_outputs(self, folder: Path) -> OutputCheck:
        """Begin to check, in another process, whether this was the last build into a folder, and nobody has
        changed what it published.
        """
        manifest = file_stat(folder / MANIFEST)
        if manifest == self.manifest:
            pieces = self.outputs.pieces()
            return OutputCheck(self, check_in_background(partial(is_as_published, folder), pieces))
        if not self._has_manifest(folder):
            return OutputCheck(self, bool)
        # A folder that was restored or copied: all files are looked at once, before they are read.
        now = FileStats(self.outputs.names, read_stats(folder, self.outputs.paths()))
        pairs = [*zip(self.outputs.pieces(), now.pieces(), strict=True)]
        state = replace(self, manifest=manifest, outputs=now, serial=new_serial())
        return OutputCheck(state, check_in_background(partial(has_same_content, folder), pairs))

    def with_new_serial(self) -> BuildState:
        """Return a copy with a new serial, for a state that differs from the one in the cache."""
        return replace(self, serial=new_serial())

    def of_manifest(self, folder: Path) -> BuildState:
        """Return a copy with the manifest as it is now, and a new serial."""
        stat, found = file_stat(folder / MANIFEST), file_hash(folder / MANIFEST)
        return replace(self, manifest=stat, manifest_hash=found, serial=new_serial())

    def _has_manifest(self, folder: Path) -> bool:
        return bool(self.manifest_hash) and file_hash(folder / MANIFEST) == self.manifest_hash


_SMALL = (
    "since",
    "until",
    "manifest",
    "manifest_hash",
    "pages",
    "feeds",
    "problems",
    "serial",
    "unpublished",
)
"""Fields that are kept together, in one value."""
_FILES = ("inputs.names", "inputs.stats", "inputs.hashes", "outputs.names", "outputs.stats")
"""Names of the values that are large; most builds change few of them."""


def manifest_stat(folder: Path) -> FileStat | None:
    """Return what the manifest of an output folder looks like."""
    return file_stat(f"{folder}{os.sep}{MANIFEST}")


def new_serial() -> str:
    """Return a name that no other state has."""
    return os.urandom(8).hex()


def list_content_stats(root: Path) -> FileStats | None:
    """Return the stats of all content files; ``None`` when they cannot tell, because there are links."""
    found: dict[str, os.stat_result] = {}
    try:
        if not all(_list(root / kind, kind, found) for kind in CONTENT_KINDS):
            return None
    except OSError:  # it went this very moment, or is no folder
        return None
    paths = sorted(found)
    return FileStats.joined(paths, pack_stats(map(found.__getitem__, paths)))


def find_unchanging_period(rows: Iterable[StoryRow], now: datetime) -> tuple[datetime, datetime]:
    """Return the moments between which the same stories are public as now; in UTC, for which no zone is
    loaded.
    """
    turns = [moment for row in rows for moment in (row.date, row.expires) if moment is not None]
    since = max((turn for turn in turns if turn <= now), default=_NEVER)
    until = min((turn for turn in turns if turn > now), default=_EVER)
    return since.astimezone(UTC), until.astimezone(UTC)


def _list(folder: Path | str, shown: str, found: dict[str, os.stat_result]) -> bool:
    """Note all files in a folder that has this name in the site; return whether there are no links."""
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
