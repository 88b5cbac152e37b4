"""Build what a few changed stories touch, and leave the rest of the published site alone.

    changed files ── changed_files.read_changed ─> stories before and after
    clock ── _turned ─> stories that came due or expired since
    both ── core/site/confinement.is_confined ─> is that all? else a full build
         ── core/site/impact.find_affected_artifacts ─> PlannedArtifact, of the site after and before
         ── Renderer, Staging, OutputFolder.commit_some ─> public
         ── BuildState, snapshot ─> what the next build starts from

This is the everyday case, and it takes no longer on a large site. Whatever is not plainly such a change is
left to a build of the whole site, which knows what to say about it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.build.cache.state import find_unchanging_period
from newsfeed.build.changed_files import ChangedFiles, read_changed
from newsfeed.build.output import open_output
from newsfeed.build.removed_urls import removed_since
from newsfeed.build.renderer import Renderer
from newsfeed.build.staging import COMPRESSED
from newsfeed.core.site.artifact import is_named_by_content
from newsfeed.core.site.confinement import NamesInUse, find_texts_linking_to, is_confined
from newsfeed.core.site.feeds import list_feed_rows
from newsfeed.core.site.impact import Change, find_affected_artifacts
from newsfeed.core.site.index import SiteIndex, StoryLists, make_row, newest_first_key, select_public
from newsfeed.core.site.own_links import DEAD_LINK, find_dead_own_links
from newsfeed.core.site.places import DEAD_PLACE, find_dead_places
from newsfeed.core.site.unpublished import count_unpublished
from newsfeed.core.site.urls import SEARCH_ENTRY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsfeed.build.cache.file_stats import FileStats
    from newsfeed.build.cache.snapshot import LibrarySnapshot
    from newsfeed.build.cache.state import BuildState
    from newsfeed.build.context import BuildContext
    from newsfeed.build.publish_result import PublishResult
    from newsfeed.build.staging import Staging
    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import StoryRow
    from newsfeed.problems import Problem
    from newsfeed.settings import Settings

MOST = 200
"""Files, or stories: with more, a build of the whole site is the quicker one."""


@dataclass(frozen=True, slots=True)
class IncrementalResult:
    """A site that was brought up to date, and what the next build starts from."""

    state: BuildState
    """But for the inputs and the manifest."""
    snapshot: LibrarySnapshot
    index: SiteIndex
    """Of the site as it is now, for the next change in the same process."""
    published: PublishResult
    problems: Sequence[Problem]
    """Of addresses that vanished."""


def incremental_build(
    context: BuildContext,
    state: BuildState,
    snapshot: LibrarySnapshot,
    changed: Collection[str],
    folder: Path,
    now: datetime,
    index: SiteIndex | None = None,
) -> IncrementalResult | None:
    """Bring the output folder up to date after these content files changed, came or went, and after time
    passed; ``None``, and nothing is written, when that is not all there is to do. Raises `ProblemsFound` when
    what the files say is wrong. ``index``: the site before, for somebody who has it at hand.
    """
    if len(changed) > MOST:
        return None
    if index is None:
        index = _index_at(state.since, snapshot, context.settings)
    read = read_changed(context, snapshot, index, changed)
    if read is None:
        return None
    rows, is_listed_alike = merge_rows(snapshot.rows, read)
    is_as_listed = is_listed_alike and state.is_of(now)
    turned = [] if state.is_of(now) else _turned(snapshot.rows, state.since, now, read)
    lists = (
        index.lists if is_as_listed else StoryLists(select_public(rows, now), read.library, context.settings)
    )
    after = SiteIndex(read.library, context.settings, now, lists, read.links)
    work = _work(read, turned, index, after, _names_in_use(snapshot, state))
    if work is None:
        return None
    removed = removed_since((index, work.old), (after, work.plan), now, context.source.read)
    done = _publish(context, work, folder, state)
    if done is None:
        return None
    published, gone = done
    outputs = state.outputs.patched(published.stats, [path for path in gone if path in state.outputs])
    problems = (*_staying(state, read), *read.problems, *_dead_links(after, outputs))
    new_state = replace(
        state if is_as_listed else _state_at(state, rows, now),
        outputs=outputs,
        pages=state.pages + work.more_pages,
        feeds=state.feeds + work.more_feeds,
        problems=problems,
    )
    new_snapshot = snapshot.after(read.library, rows, [change.id for change in read.changes])
    return IncrementalResult(new_state, new_snapshot, after, published, removed.problems())


def _state_at(state: BuildState, rows: Sequence[StoryRow], now: datetime) -> BuildState:
    """Return a state with what is public at a moment, and what is not."""
    since, until = find_unchanging_period(rows, now)
    return replace(state, since=since, until=until, unpublished=count_unpublished(rows, now))


def _staying(state: BuildState, read: ChangedFiles) -> Iterator[Problem]:
    """Yield the problems of the last build that a change of some files cannot have mended."""
    for one in state.problems:
        if one.where.path not in read.files and one.code not in (DEAD_LINK, DEAD_PLACE):
            yield one


def _dead_links(after: SiteIndex, outputs: FileStats) -> Iterator[Problem]:
    """Yield the links of all texts to pages and places of the site that are not there: they may be gone."""
    own_links = after.all_content.own_links
    if own_links:
        yield from find_dead_own_links(own_links, frozenset(outputs.paths()), after.settings.site)
    yield from find_dead_places(after)


def _index_at(moment: datetime, snapshot: LibrarySnapshot, settings: Settings) -> SiteIndex:
    """Return the site as it was at a moment."""
    library = snapshot.library()
    return SiteIndex(
        library, settings, moment, StoryLists(select_public(snapshot.rows, moment), library, settings)
    )


def _names_in_use(snapshot: LibrarySnapshot, state: BuildState) -> NamesInUse:
    """Return what the rest of the site says of names and addresses."""
    return NamesInUse(snapshot.rows, snapshot.link_sources, snapshot.aliases, state.outputs.__contains__)


def merge_rows(before: tuple[StoryRow, ...], read: ChangedFiles) -> tuple[tuple[StoryRow, ...], bool]:
    """Return the rows after a change, the very same where only texts have changed, and whether lists stay as
    they are. They are held against each other in words, as facts are (`newsfeed.core.site.impact`).
    """
    keys = {change.id for change in read.changes}
    new = [make_row(one.after, read.library.projects) for one in read.changes if one.after is not None]
    old = {row.id: row for row in before if row.id in keys}
    if {row.id: repr(row) for row in new} == {key: repr(row) for key, row in old.items()}:
        return before, True
    after = tuple(sorted((*(row for row in before if row.id not in keys), *new), key=newest_first_key))
    listed = (
        {row.id: repr(row._replace(title="", outdated=())) for row in rows} for rows in (new, old.values())
    )
    return after, next(listed) == next(listed)


def _turned(rows: Iterable[StoryRow], then: datetime, now: datetime, read: ChangedFiles) -> list[Change]:
    """Return the stories that came due or expired since ``then``, but for those that were edited, too."""
    edited = {change.id for change in read.changes}
    keys = [row.id for row in rows if row.is_public(then) != row.is_public(now) and row.id not in edited]
    return [_unedited(key, read) for key in keys[: MOST + 1]]


def _unedited(key: str, read: ChangedFiles, *, is_relinked: bool = False) -> Change:
    story = read.library.stories[key]
    return Change(story, story, is_relinked)


@dataclass(frozen=True, slots=True)
class _Work:
    """The artifacts that a change touches, before and after it."""

    plan: Sequence[PlannedArtifact]
    old: Sequence[PlannedArtifact]
    """The artifacts that are touched of the site as it was."""
    index: SiteIndex
    """Of the site as it is."""
    keys: frozenset[str]
    """Of the stories that are not as they were in all feeds."""
    feeds: Sequence[tuple[PlannedArtifact, Sequence[str]]]
    """As they were published, and which stories they brought."""
    gone: frozenset[str]
    """Output paths that are no more, with their compressed copies."""
    more_pages: int
    more_feeds: int


def _work(
    read: ChangedFiles, turned: Sequence[Change], before: SiteIndex, after: SiteIndex, rest: NamesInUse
) -> _Work | None:
    """Plan what is to be done; ``None`` when the change is not confined."""
    changes = [*read.changes, *turned]
    if len(changes) > MOST or not is_confined(changes, before, after, rest):
        return None
    texts = find_texts_linking_to(turned, before, after, rest)
    if len(texts) > MOST:
        return None
    shifted = after.lists.shifted(before.lists)
    if len(shifted) > MOST:
        return None
    changes = _with_relinked(changes, {key for kind, key in texts if kind == "news"}, read)
    plan = {one.path: one for one in find_affected_artifacts(changes, after, before, texts)}
    old = {one.path: one for one in find_affected_artifacts(changes, before, after, texts)}
    gone = old.keys() - plan.keys()
    return _Work(
        [*plan.values()],
        [*old.values()],
        after,
        frozenset(change.id for change in changes) | shifted,
        [
            (one, [row.id for row in list_feed_rows(before, one)])
            for one in old.values()
            if one.kind == "feed"
        ],
        frozenset(path + ending for path in gone for ending in ("", COMPRESSED)),
        _count_pages(plan) - _count_pages(old),
        _count_feeds(plan.values()) - _count_feeds(old.values()),
    )


def _with_relinked(changes: Sequence[Change], keys: Collection[str], read: ChangedFiles) -> list[Change]:
    """Add the stories whose links lead elsewhere than before."""
    marked = [replace(change, is_relinked=True) if change.id in keys else change for change in changes]
    more = set(keys).difference(change.id for change in changes)
    return [*marked, *(_unedited(key, read, is_relinked=True) for key in sorted(more))]


def _feed_of(planned: PlannedArtifact) -> tuple[str, ...]:
    """Return what all documents of a feed have in common: format, edition and section."""
    return planned.kind, planned.form, planned.lang, planned.section, planned.key


def _count_pages(paths: Iterable[str]) -> int:
    return sum(path.endswith(".html") for path in paths)


def _count_feeds(artifacts: Iterable[PlannedArtifact]) -> int:
    """Count live feeds, as reports do: not their archives."""
    return sum(one.kind == "feed" and not one.number for one in artifacts)


def _publish(
    context: BuildContext, work: _Work, folder: Path, state: BuildState
) -> tuple[PublishResult, Collection[str]] | None:
    """Render what is planned, and publish it; returns the output paths that are no more, too. ``None`` when
    the folder is not as the last build left it.
    """
    renderer = Renderer(
        work.index,
        context.texts,
        context.templates,
        context.source,
        work.plan,
        picture_cache=context.picture_cache,
    )
    with open_output(folder) as output:
        if output.manifest != state.manifest:
            return None
        published = defaultdict(list)
        for feed, keys in work.feeds:
            published[_feed_of(feed)].append((feed, keys))
        staging = output.stage_some()
        for artifact in work.plan:
            # One feed after the other: what is remembered of entries is bounded, and all feeds are too much.
            for feed, keys in published.pop(_feed_of(artifact), ()):
                renderer.adopt_published_entries(feed, keys, work.keys, output.read(feed.path))
            if is_named_by_content(artifact) and artifact.path in state.outputs:
                continue
            for rendered in renderer.files(artifact):
                for file in staging.write(rendered):
                    staging.add(file)
        gone = work.gone | _old_search_files(work, state, staging)
        there = sorted(path for path in gone if (folder / path).exists())
        return output.commit_some(staging, there, len(state.outputs)), gone


def _old_search_files(work: _Work, state: BuildState, staging: Staging) -> set[str]:
    """Return the published files of the parts of search indexes that were made anew, or are no more: their
    names come from what is in them.
    """
    parts = {
        one.path.removesuffix(SEARCH_ENTRY) for one in (*work.plan, *work.old) if one.kind == "search-part"
    }
    if not parts:
        return set()
    new = {file.path for file in staging.files()}
    return {path for path in state.outputs.paths() if path not in new and path.startswith(tuple(parts))}
