"""Compare the content files of a site with those of the last build."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.build.cache.content_hash import HASH_BYTES, UNKNOWN
from newsfeed.build.cache.file_stats import FileStats

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping


@dataclass(frozen=True, slots=True)
class ContentFiles:
    """All content files of a site: what they look like, and the hashes of what is in them."""

    stats: FileStats
    hashes: bytes
    """In the order of the paths; `UNKNOWN` for a file that counts as changed."""

    @classmethod
    def of(cls, stats: FileStats, hashes: Mapping[str, bytes]) -> ContentFiles:
        """Make it of stats, and path → hash."""
        return cls(stats, b"".join([hashes.get(path, UNKNOWN) for path in stats.paths()]))

    def by_path(self) -> dict[str, bytes]:
        """Return path → hash."""
        starts = range(0, len(self.hashes), HASH_BYTES)
        return dict(
            zip(self.stats.paths(), (self.hashes[one : one + HASH_BYTES] for one in starts), strict=True)
        )

    def to_be_hashed(self, stats: FileStats) -> list[str]:
        """Return the files that are there, and whose stats differ from those of the last build."""
        differing = self.stats.differing(stats)
        return [path for path in stats.paths() if path in differing] if differing else []

    def compared(self, stats: FileStats, hashes: Mapping[str, bytes]) -> tuple[set[str], ContentFiles]:
        """Return the paths of files that changed, came or went, and all files as they are now.

        ``stats``: of all files now; ``hashes``: of those whose stats differ, as far as they can be read.
        """
        differing = self.stats.differing(stats)
        if not differing:
            return set(), self
        before = self.by_path()
        changed = {path for path in differing if hashes.get(path) != before.get(path) or path not in hashes}
        if stats.names == self.stats.names:
            stats = FileStats(
                self.stats.names, stats.numbers
            )  # the very same names need not be written again
        left = {path: found for path, found in before.items() if path not in differing}
        return changed, ContentFiles.of(stats, {**left, **hashes})

    def without_recent(self, moment: int) -> ContentFiles:
        """Return a copy without the stats of files that could have changed once more, unseen, after
        ``moment`` (ns): the next build hashes these.
        """
        return ContentFiles(self.stats.without_recent(moment), self.hashes)

    def without(self, paths: Collection[str], is_there: Callable[[str], bool]) -> ContentFiles:
        """Return a copy in which these files count as changed; without those that are not there."""
        if not paths:
            return self
        known = {path: found for path, found in self.by_path().items() if path not in paths}
        return ContentFiles.of(self.stats.without(paths, is_there), known)
