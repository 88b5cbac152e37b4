"""The result of publishing, in numbers of files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsfeed.build.cache.file_stats import FileStat


@dataclass(frozen=True, slots=True)
class PublishResult:
    """The result of publishing: numbers of files, and their stats."""

    written: int
    unchanged: int
    removed: int
    stats: Mapping[str, FileStat] = field(default_factory=dict, compare=False, repr=False)
    """Path → what the file looks like now; of a full build all files, else those that were rendered."""
