"""Compare the size of the published site with the limits of its host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site.artifact import NEVER_COMPRESSED
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.settings import OutputSettings

_NEAR = 0.9
"""Of a limit: there is time to do something."""
_MEGABYTE = 1_000_000


def count_files(output: OutputSettings, planned: Iterable[PlannedArtifact]) -> int:
    """Return how many files a plan becomes, with their compressed copies."""
    copies = bool(output.compress)
    return sum(1 + (copies and artifact.kind not in NEVER_COMPRESSED) for artifact in planned)


def limit_problems(output: OutputSettings, files: int, size: int) -> list[Problem]:
    """Report limits that the site is near, or above. ``size``: bytes of all files."""
    where, problems = Location("config.toml"), []
    if output.max_files and files >= _NEAR * output.max_files:
        problems.append(problem("output-files", where, value=files, limit=output.max_files))
    if output.max_size and size >= _NEAR * output.max_size * _MEGABYTE:
        megabytes = -(-size // _MEGABYTE)
        problems.append(problem("output-size", where, value=megabytes, limit=output.max_size))
    return problems
