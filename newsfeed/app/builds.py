"""Wire builds that start from what the last one left: how a cache, a source and the verbs fit together."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.app import site as app
from newsfeed.app.built import Built
from newsfeed.app.cached_context import (
    cached_context,
    keep_context,
    prepare,
    read_known_assets,
    write_known_assets,
)
from newsfeed.app.context import context_of, report_of, source_of
from newsfeed.app.inputs import compare_inputs, forget_files_changed_meanwhile
from newsfeed.errors import ProblemsFound

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime
    from pathlib import Path

    from newsfeed.build.cache.content_files import ContentFiles
    from newsfeed.build.cache.file_stats import FileStats
    from newsfeed.build.cache.pictures import PictureCache
    from newsfeed.build.cache.snapshot import LibrarySnapshot
    from newsfeed.build.cache.state import BuildState, OutputCheck
    from newsfeed.build.cache.store import BuildCache, EnvironmentCache
    from newsfeed.build.context import BuildContext
    from newsfeed.core.site.index import SiteIndex


@dataclass(frozen=True, slots=True)
class CachedBuild:
    """A site, the folder it is built into, and what the last build of the two left."""

    root: Path
    output: Path
    jobs: int
    cache: BuildCache
    environment: EnvironmentCache
    """Values that are made once for this environment."""
    fingerprint: str
    """Of the environment as this build begins."""
    looked: int
    """When the content files were looked at (ns)."""
    stats: FileStats | None
    """Of all content files then; ``None`` when they cannot tell, because there are links."""
    last: BuildState | None
    """The site and its output as the last build left them."""
    pictures: PictureCache
    """Pictures that builds of any site made."""
    outputs: OutputCheck | None
    """Tells whether the output is as that build left it; ``None``: that is not to be believed."""


@dataclass(frozen=True, slots=True)
class BuildMemory:
    """All that the next build starts from: kept in this process, or read from the cache by another.

    It is only ever believed as far as it can be checked, and a build without it makes the same bytes.
    """

    fingerprint: str
    state: BuildState | None = None
    snapshot: LibrarySnapshot | None = None
    index: SiteIndex | None = None
    """In the same process only."""
    context: BuildContext | None = None
    is_whole: bool = False
    """All is to be written anew, and not only what differs from what is in the cache."""


def open_build(
    root: Path,
    output: Path,
    environment: Mapping[str, str],
    jobs: int,
    *,
    is_fresh: bool = False,
    checks_output: bool = True,
) -> CachedBuild:
    """Open a site and its output for a build. ``is_fresh``: believe nothing of the cache; ``checks_output``:
    begin to look whether the output is as the last build left it.
    """
    from newsfeed.build import pool
    from newsfeed.build.cache import row_codec, state, store
    from newsfeed.build.cache.fingerprint import environment_fingerprint
    from newsfeed.build.cache.pictures import PictureCache

    fingerprint = environment_fingerprint(root)
    cache = store.BuildCache(store.cache_path(root, output, environment), fingerprint, row_codec.CODECS)
    last = None if is_fresh else state.BuildState.read(cache)
    outputs = last.check_outputs(output) if last and checks_output else None
    looked = time.time_ns()
    return CachedBuild(
        root=root,
        output=output,
        jobs=jobs or pool.usual_jobs(),
        cache=cache,
        environment=store.EnvironmentCache(cache, is_fresh=is_fresh),
        fingerprint=fingerprint,
        looked=looked,
        stats=state.list_content_stats(root),
        last=last,
        pictures=PictureCache.of(environment, is_fresh=is_fresh),
        outputs=outputs,
    )


def prepare_rebuild(build: CachedBuild, last: BuildState | None) -> CachedBuild:
    """Prepare another build in the same process. ``last``: how the last build left things."""
    from newsfeed.build.cache import row_codec, store
    from newsfeed.build.cache.fingerprint import environment_fingerprint
    from newsfeed.build.cache.state import list_content_stats

    looked, fingerprint = time.time_ns(), environment_fingerprint(build.root)
    outputs = build.outputs if last is build.last else None  # what was checked is what that build left
    again = replace(build, looked=looked, stats=list_content_stats(build.root), last=last, outputs=outputs)
    if fingerprint == build.fingerprint:
        return again
    cache = store.BuildCache(build.cache.path, fingerprint, row_codec.CODECS)
    environment_cache = store.EnvironmentCache(cache, is_fresh=True)
    return replace(
        again, cache=cache, environment=environment_cache, fingerprint=fingerprint, last=None, outputs=None
    )


def quick_build(
    build: CachedBuild, now: datetime, memory: BuildMemory | None = None
) -> tuple[Built, BuildMemory] | None:
    """Do as much as is needed when little changed since the last build, or nothing. ``None``, and nothing is
    done, when that is not enough, or when texts have errors. ``memory``: of `read_memory`, if it was read.
    """
    last, outputs = build.last, build.outputs
    if last is None or outputs is None or last.inputs is None or build.stats is None or last.has_errors():
        return None
    changed, inputs = compare_inputs(build.root, last.inputs, build.stats)
    if not changed and last.is_of(now):
        return _noop(build, inputs, outputs) if outputs.passes() else None
    try:
        memory = memory or read_memory(build)
        if memory is None or not outputs.passes():
            return None
        inputs = inputs.without_recent(build.looked)
        return incremental_build(build, now, replace(memory, state=outputs.state), changed, inputs)
    except ProblemsFound:  # there may be more of them
        return None


def _noop(build: CachedBuild, inputs: ContentFiles, outputs: OutputCheck) -> tuple[Built, BuildMemory]:
    """Return the outcome of a build that had nothing to do: the report of the last one stands."""
    from newsfeed.build.publish_result import PublishResult

    state = outputs.state
    if inputs is not state.inputs:
        state = replace(state, inputs=inputs.without_recent(build.looked)).with_new_serial()
    memory = BuildMemory(build.fingerprint, None if state is build.last else state)
    built = Built(build.output, PublishResult(0, len(state.outputs), 0), state.pages, state.feeds)
    built = replace(built, remaining=state.problems, unpublished=state.unpublished)
    return built.with_size(state.outputs), memory


def incremental_build(
    build: CachedBuild,
    now: datetime,
    memory: BuildMemory,
    changed: Collection[str],
    inputs: ContentFiles | None = None,
) -> tuple[Built, BuildMemory] | None:
    """Bring the output up to date after these content files changed, and stories came due or expired.

    ``None``, and nothing is done, when that is not all. ``inputs``: all content files as they were looked at;
    without them the changed ones count as changed for the next process, too. Raises `ProblemsFound` when what
    changed is wrong.
    """
    from newsfeed.build import incremental as verb
    from newsfeed.build.cache.store import CacheDamagedError

    last, context = memory.state, memory.context
    if last is None or last.inputs is None or memory.snapshot is None or context is None:
        return None
    if memory.fingerprint != build.fingerprint or last.has_errors() or not (changed or not last.is_of(now)):
        return None
    context = replace(context, source=source_of(build.root, context.settings))
    try:
        done = verb.incremental_build(
            context, last, memory.snapshot, changed, build.output, now, memory.index
        )
    except CacheDamagedError:
        return None
    except ProblemsFound as found:
        raise ProblemsFound(report_of(build.root, found.problems)) from found
    if done is None:
        return None
    left: ContentFiles | None = last.inputs.without(changed, context.source.has)
    if inputs is not None and build.stats is not None:
        left = forget_files_changed_meanwhile(build.root, inputs, build.stats, changed)
    state = replace(
        done.state,
        inputs=left,
        problems=tuple(report_of(build.root, done.state.problems)),
    ).of_manifest(build.output)
    built = Built(build.output, done.published, state.pages, state.feeds, tuple(done.problems))
    built = built.with_size(state.outputs).with_limit_warnings(context.settings)
    built = replace(
        built,
        problems=tuple(report_of(build.root, built.problems)),
        remaining=state.problems,
        unpublished=state.unpublished,
    )
    return built, replace(memory, state=state, snapshot=done.snapshot, index=done.index)


def read_memory(build: CachedBuild) -> BuildMemory | None:
    """Read what an incremental build needs to know; ``None`` when something is missing. Raises
    `ProblemsFound` when the configuration cannot be used.
    """
    from newsfeed.build.cache.snapshot import LibrarySnapshot

    snapshot = LibrarySnapshot.read(build.cache) if build.last else None
    if snapshot is None:
        return None
    return BuildMemory(build.fingerprint, build.last, snapshot, context=cached_context(build))


def read_site(
    build: CachedBuild,
    now: datetime,
    *,
    keep_going: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> app.Site:
    """Read a site whole for a full build. Raises `ProblemsFound` only when the configuration is unusable."""
    context, problems = context_of(build.root)
    known = read_known_assets(build)
    source = source_of(build.root, context.settings, known)
    context = replace(context, source=source, picture_cache=build.pictures)
    prepare(build, context)
    site = app.read_with(
        context, problems, build.root, now, keep_going=keep_going, progress=progress, jobs=build.jobs
    )
    write_known_assets(build, known)
    return site


def adopt(output: Path) -> None:
    """Take over an output folder that was made elsewhere, or by somebody else."""
    from newsfeed.build.output import adopt_output

    adopt_output(output)


def next_turn(site: app.Site, now: datetime) -> datetime:
    """Return when a story comes due or expires next."""
    from newsfeed.build.cache.state import find_unchanging_period

    return find_unchanging_period(site.snapshot.rows, now)[1]


def read_next_turn(root: Path, output: Path, environment: Mapping[str, str]) -> datetime | None:
    """Return when a story of the published site comes due or expires next, as its last build left word;
    ``None`` where that is not known: it was built elsewhere, or by another program.
    """
    from newsfeed.build.cache.fingerprint import environment_fingerprint
    from newsfeed.build.cache.state import manifest_stat
    from newsfeed.build.cache.store import BuildCache, cache_path

    cache = BuildCache(cache_path(root, output, environment), environment_fingerprint(root))
    try:
        state = cache.read("state")
    finally:
        cache.close()
    if state is None or state["manifest"] != manifest_stat(output):
        return None
    until: datetime = state["until"]
    return until


def remember(build: CachedBuild, memory: BuildMemory | None) -> bool:
    """Write what a build knew for other processes, unless these will be another program; returns whether it
    was written.
    """
    from newsfeed.build.cache.fingerprint import is_current

    if memory is None or memory.state is None or not is_current():
        return False
    values = {**build.environment.values(), **memory.state.values()}
    if memory.snapshot is None:
        return build.cache.update(values, {})
    values |= memory.snapshot.values()
    if memory.is_whole:
        return build.cache.replace(values, memory.snapshot.packed_stories())
    return build.cache.update(values, memory.snapshot.packed_changes())


def hash_inputs(build: CachedBuild) -> ContentFiles | None:
    """Hash all content files, before a full build reads them: what changes in between is read again by the
    next one.
    """
    if build.stats is None:
        return None
    return compare_inputs(build.root, build.last.inputs if build.last else None, build.stats)[1]


def full_build(
    build: CachedBuild,
    site: app.Site,
    now: datetime,
    inputs: ContentFiles | None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Built, BuildMemory | None]:
    """Build the whole site in several processes; returns what to remember of it, too: nothing, when the
    program or the configuration changed meanwhile. ``inputs``: the content files as they were before they
    were read.
    """
    from newsfeed.build.cache import state
    from newsfeed.build.cache.file_stats import FileStats
    from newsfeed.build.cache.fingerprint import environment_fingerprint
    from newsfeed.core.site.unpublished import count_unpublished

    built = app.build(site, build.output, now, progress, jobs=build.jobs, last=build.last)
    build.pictures.forget_old()
    unpublished = count_unpublished(site.snapshot.rows, now)
    built = replace(built, remaining=site.problems, unpublished=unpublished)
    if environment_fingerprint(build.root) != build.fingerprint:
        return built, None
    since, until = state.find_unchanging_period(site.snapshot.rows, now)
    left = None
    if inputs is not None and build.stats is not None:
        left = forget_files_changed_meanwhile(build.root, inputs.without_recent(build.looked), build.stats)
    done = state.BuildState(
        inputs=left,
        since=since,
        until=until,
        outputs=built.stats or FileStats(),
        manifest=None,
        manifest_hash="",
        pages=built.pages,
        feeds=built.feeds,
        problems=site.problems,
        serial="",
        unpublished=unpublished,
    ).of_manifest(built.output)
    keep_context(build, site.context)
    return built, BuildMemory(build.fingerprint, done, site.snapshot, context=site.context, is_whole=True)
