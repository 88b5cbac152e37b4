"""The outcome of a build: numbers, sizes, and the problems to report with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.core.site.unpublished import ALL_PUBLISHED, Unpublished

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsfeed.build.cache.file_stats import FileStats
    from newsfeed.build.publish_result import PublishResult
    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.problems import Problem
    from newsfeed.settings import Settings


@dataclass(frozen=True, slots=True)
class Built:
    """The outcome of a build."""

    output: Path
    published: PublishResult
    pages: int
    feeds: int
    problems: tuple[Problem, ...] = ()
    """Of addresses that vanished with this build, and of limits of the host."""
    remaining: tuple[Problem, ...] = ()
    """Everything that is wrong with the site."""
    unpublished: Unpublished = ALL_PUBLISHED
    stats: FileStats | None = None
    """What all published files look like, for the next one."""
    files: int = 0
    """All that are published."""
    size: int = 0
    """Their bytes."""

    def with_size(self, stats: FileStats) -> Built:
        """Return the outcome with the number and size of all published files."""
        return replace(self, files=len(stats), size=stats.total_size())

    def with_limit_warnings(self, settings: Settings) -> Built:
        """Return the outcome with a warning for each limit that the published files come near."""
        from newsfeed.core.site.output_limits import limit_problems

        near = limit_problems(settings.output, self.files, self.size)
        return replace(self, problems=(*self.problems, *near))


def check_plan_limits(settings: Settings, plan: Sequence[PlannedArtifact], output: Path) -> list[Problem]:
    """Report limits of the host that a plan's number of files, or the size of the last build, comes near."""
    from newsfeed.build.cache.file_stats import read_stats, sizes
    from newsfeed.build.manifest import read_manifest
    from newsfeed.core.site.output_limits import count_files, limit_problems

    limits = settings.output
    size = sum(sizes(read_stats(output, [*read_manifest(output)[0]]))) if limits.max_size else 0
    return limit_problems(limits, count_files(limits, plan), size)
