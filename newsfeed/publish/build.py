"""The build verb: what a plan says is made in several processes, published at once, and remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsfeed.publish.known import Known, stamp_of
from newsfeed.publish.memory import Memory
from newsfeed.publish.output import Made, Stage, Written, publish_made
from newsfeed.publish.workers import cut, share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from newsfeed.core.planned import Planned
    from newsfeed.publish.artifacts import Renderer
    from newsfeed.publish.memory import Asked, Memory, Place

_CHUNK = 100
"""Artifacts of one task: enough neighbours to share what they are made of, few enough to spread."""
_FEW = 400
"""A site this small is made sooner than workers are."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a build found out."""

    asked: Mapping[Place, tuple[str, Asked]]
    """What the links of texts became."""
    known: Mapping[str, Known]
    """Every published file."""


def build(
    folder: Path,
    plan: Sequence[Planned],
    renderer: Renderer,
    before: Memory,
    jobs: int,
    progress: Callable[[int, int], None] | None,
    notes: Mapping[str, str] | None = None,
) -> tuple[Written, Learnt]:
    """Make the folder hold exactly what is planned; returns what was done, and what was learnt.
    ``notes``: what the manifest is to know of pages.
    """
    made: list[tuple[Made, str]] = []
    asked: dict[Place, tuple[str, Asked]] = {}
    if len(plan) <= _FEW:
        jobs = 1

    def make(stage: Stage) -> Iterator[Made]:
        done = 0
        for rendered in share(cut(plan, _CHUNK), lambda some: renderer.render(some, stage), jobs):
            asked.update(rendered.asked)
            made.extend(rendered.made)
            done = min(done + _CHUNK, len(plan))
            if progress is not None:
                progress(done, len(plan))
            for one, _ in rendered.made:
                yield one

    written = publish_made(folder, make, notes)
    known = {}
    for one, key in made:
        stamp = stamp_of(f"{folder}/{one.path}")
        if stamp is not None:
            known[one.path] = Known(key, one.digest, stamp)
    return written, Learnt({**(before.asked or {}), **asked}, known)
