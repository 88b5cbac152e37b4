"""The build verb: what a plan says is made in several processes, published at once, and remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.build.output import publish_made
from newsfeed.build.pool import ProcessPool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from newsfeed.build.cache.file_stamps import Stamps
    from newsfeed.build.cache.known import Stamp
    from newsfeed.build.renderer import Renderer
    from newsfeed.build.staging import Made, Stage
    from newsfeed.build.written import Written
    from newsfeed.core.site.artifact import PlannedArtifact

_FEW = 400
"""Artifacts that are rendered sooner than processes are started."""


def build(
    folder: Path,
    plan: Sequence[PlannedArtifact],
    renderer: Renderer,
    jobs: int,
    progress: Callable[[int, int], None] | None,
    notes: Mapping[str, str] | None = None,
    stamps: Mapping[str, Stamp] | None = None,
) -> tuple[Written, Stamps]:
    """Make the folder hold exactly what is planned; returns what was done, and what all files look like.
    ``notes``: what the manifest is to know of other pages; ``stamps``: what files looked like before.
    """
    pool = ProcessPool(jobs if len(plan) > _FEW else 1)

    def make(stage: Stage) -> Iterator[Made]:
        for done, made in enumerate(pool.map(lambda one: renderer.render([one], stage), plan), 1):
            if progress is not None:
                progress(done, len(plan))
            yield from made

    return publish_made(folder, make, notes, stamps)
