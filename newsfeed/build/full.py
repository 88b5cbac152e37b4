"""The full build: all planned files are rendered in several processes, staged, and published at once.

plan ── render_order.order_of_work ─> neighbours share what they are made of
     ── pool.ProcessPool.map_stretches, in processes that know the whole library:
          Renderer.render ─> bytes of one artifact
          Staging.write   ─> staging folder, unless the same bytes are published
     ─> StagedFile: path, digest, stat
     ── Staging.add
when all are there, and nothing went wrong:
     ── OutputFolder.commit ─> public, manifest
     ─> PublishResult: numbers and stats of files, which the next build starts from
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.build.output import open_output
from newsfeed.build.pool import ProcessPool
from newsfeed.core.site.artifact import is_named_by_content

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from newsfeed.build.cache.file_stats import FileStat
    from newsfeed.build.publish_result import PublishResult
    from newsfeed.build.renderer import Renderer
    from newsfeed.build.staging import StagedFile
    from newsfeed.core.site.artifact import PlannedArtifact

_FEW = 400
"""Artifacts that are rendered sooner than processes are started."""
_FEW_PICTURES = 8


def _count_pictures(plan: Sequence[PlannedArtifact]) -> int:
    return sum(artifact.kind == "picture" for artifact in plan)


def publish_plan(
    folder: Path,
    plan: Sequence[PlannedArtifact],
    renderer: Renderer,
    *,
    jobs: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
    notes: Mapping[str, str] | None = None,
    stats: Mapping[str, FileStat] | None = None,
) -> PublishResult:
    """Make the output folder hold exactly what is planned.

    plan: in the order of work.
    jobs: number of processes.
    progress: told how many artifacts are rendered, and of how many.
    notes: what the manifest is to know of pages that are not planned.
    stats: path → what published files looked like when the manifest was written.
    """
    pool = ProcessPool(jobs if len(plan) > _FEW or _count_pictures(plan) > _FEW_PICTURES else 1)
    with open_output(folder) as output:
        staging = output.stage_all(stats or {})

        def render(artifact: PlannedArtifact) -> list[StagedFile]:
            if is_named_by_content(artifact) and (kept := staging.kept(artifact.path)):
                return [kept]
            return [file for rendered in renderer.files(artifact) for file in staging.write(rendered)]

        for done, files in enumerate(pool.map_stretches(render, plan), 1):
            for file in files:
                staging.add(file)
            progress(done, len(plan))
        return output.commit(staging, notes or {})
