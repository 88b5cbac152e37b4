"""A few stories changed since the last build: they are read, what shows them is made, the rest stays.

This is the everyday case, and it takes no longer on a large site. Whatever is not plainly such a change is
left to a build of the whole site, which knows what to say about it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsfeed.build.cache.known import stamp_of
from newsfeed.build.cache.state import steady
from newsfeed.build.load import one_after_the_other, tell
from newsfeed.build.output import Standing, publish_some
from newsfeed.build.renderer import Renderer
from newsfeed.build.staging import COMPRESSED
from newsfeed.core.content.library import AsTheyAre, assemble
from newsfeed.core.content.links import LinkMap, derive_stem
from newsfeed.core.content.packing import changed_stories, pack_file
from newsfeed.core.content.parse import parse_content_path
from newsfeed.core.site.feeds import list_feed_rows
from newsfeed.core.site.impact import Around, Change, is_confined, touched
from newsfeed.core.site.index import SiteIndex, StoryLists, make_row, newest_first_key, select_public
from newsfeed.errors import ProblemsFound
from newsfeed.problems import select_errors

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsfeed.build.cache.known import Stamp
    from newsfeed.build.cache.snapshot import Held
    from newsfeed.build.cache.state import Idle
    from newsfeed.build.staging import Made, Stage
    from newsfeed.build.written import Written
    from newsfeed.core.content.facts import Vocabulary
    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import StoryRow
    from newsfeed.i18n.texts import CatalogueTexts
    from newsfeed.model import Asset, Library, Story
    from newsfeed.ports import Source
    from newsfeed.problems import Problem
    from newsfeed.render.templates import Templates
    from newsfeed.settings import Settings

MOST = 200
"""Files: of more, a build of the whole site is the quicker one."""
_STORIES = "news"


@dataclass(frozen=True, slots=True)
class Desk:
    """What stories are read and shown with: it is the same as at the last build."""

    source: Source
    settings: Settings
    texts: Mapping[str, CatalogueTexts]
    templates: Templates
    words: Vocabulary


@dataclass(frozen=True, slots=True)
class Amended:
    """What became of the site."""

    idle: Idle
    """But for the inputs and the manifest."""
    held: Held
    index: SiteIndex
    """Of the site as it is now, for the next change in the same process."""
    written: Written
    stories: Mapping[str, Story | None]
    """The changed ones, as they are now; ``None`` for one that is gone."""


def amend(
    desk: Desk,
    idle: Idle,
    held: Held,
    changed: Collection[str],
    folder: Path,
    now: datetime,
    index: SiteIndex | None = None,
) -> Amended | None:
    """Bring the output folder up to date after these content files changed, came or went; ``None``, and
    nothing is written, when that is not all there is to do. Raises `ProblemsFound` when what the files
    say is wrong.
    """
    if len(changed) > MOST:
        return None
    if index is None:
        library = held.library()
        index = SiteIndex(
            library, desk.settings, now, StoryLists(select_public(held.rows, now), library, desk.settings)
        )
    read = _read(desk, held, index, frozenset(changed))
    if read is None:
        return None
    rows = _rows(held.rows, read)
    lists = index.lists if rows is held.rows else None
    lists = lists or StoryLists(select_public(rows, now), read.library, desk.settings)
    after = SiteIndex(read.library, desk.settings, now, lists, read.links)
    outputs = idle.outputs
    around = Around(held.rows, held.named, held.aliases, outputs.__contains__)
    if not is_confined(read.changes, index, after, around):
        return None
    work = _Work.of(read.changes, index, after)
    made, written = _publish(desk, work, folder, Standing(idle.manifest, len(outputs)))
    if written is None:
        return None
    since, until = (idle.since, idle.until) if rows is held.rows else steady(rows, now)
    state = replace(
        idle,
        since=since,
        until=until,
        outputs=outputs.patched(made, [path for path in work.gone if path in outputs]),
        pages=idle.pages + work.more_pages,
        problems=(*(one for one in idle.problems if one.where.path not in read.files), *read.problems),
    )
    stories = {change.id: change.after for change in read.changes}
    return Amended(state, held.changed(read.library, rows, work.keys), after, written, stories)


def _rows(before: tuple[StoryRow, ...], read: _Read) -> tuple[StoryRow, ...]:
    """The rows after a change: the very same where only texts have changed. They are held against each
    other in words, as facts are (`newsfeed.core.site.impact`).
    """
    keys = {change.id for change in read.changes}
    new = [make_row(one.after, read.library.projects) for one in read.changes if one.after is not None]
    old = {row.id: row for row in before if row.id in keys}
    if {row.id: repr(row) for row in new} == {key: repr(row) for key, row in old.items()}:
        return before
    return tuple(sorted((*(row for row in before if row.id not in keys), *new), key=newest_first_key))


@dataclass(frozen=True, slots=True)
class _Read:
    """What the changed files say now."""

    library: Library
    changes: Sequence[Change]
    problems: Sequence[Problem]
    links: LinkMap
    files: Collection[str]
    """All files of the changed stories, also those that are no more."""


def _read(desk: Desk, held: Held, index: SiteIndex, changed: frozenset[str]) -> _Read | None:
    """``None`` when not only stories changed, and files that came with them."""
    before = index.everything
    changed = frozenset(path for path in changed if _is_or_was(path, desk.source, before))
    texts = {path for path in changed if path.endswith(".md")}
    new_files = _new_files(desk.source, before, changed - texts)
    if new_files is None or not all(_is_story(path, desk.settings) for path in texts):
        return None
    old = _files_of(before, texts)
    files = {*old, *texts}
    told = [tell(desk.source, path, desk.settings, desk.words) for path in files if desk.source.has(path)]
    parsed = [one.parsed for one in told if one.parsed is not None and one.parsed.item is not None]
    problems = [problem for one in told for problem in one.problems]
    _refuse(problems)
    if len(parsed) < len(told) or not all(files.issuperset(held.linking(path)) for path in new_files):
        return None
    there = {one.path for one in parsed}
    links, assets, others = index.links, before.assets, before.paths
    if new_files or there != old:
        assets = {**assets, **new_files}
        others = {path: place for path, place in before.paths.items() if path not in files}
        links = LinkMap({*others, *there}, assets)
    stories, found = assemble(
        [*map(pack_file, parsed)],
        assets,
        desk.settings,
        AsTheyAre(),
        one_after_the_other,
        (before, links),
    )
    _refuse([*problems, *found])
    keys = {before.paths[path][1] for path in old}
    if any(key in before.stories for key in stories.stories.keys() - keys):
        return None
    changes = [
        Change(before.stories.get(key), stories.stories.get(key)) for key in sorted({*keys, *stories.stories})
    ]
    library = replace(
        before,
        stories=changed_stories(before.stories, stories.stories, keys),
        assets=assets,
        paths={**others, **stories.paths},
        named=_named(before, stories),
        bearing=_bearing(before, stories, keys),
    )
    return _Read(library, changes, [*problems, *found], links, files)


def _named(before: Library, stories: Library) -> Mapping[str, Collection[str]]:
    """Who links to what, after some stories changed; perhaps somebody who does so no more."""
    more = {name: {*before.named.get(name, ()), *paths} for name, paths in stories.named.items()}
    new = {
        name: tuple(sorted(paths))
        for name, paths in more.items()
        if len(paths) > len(before.named.get(name, ()))
    }
    return {**before.named, **new} if new else before.named


def _bearing(
    before: Library, stories: Library, keys: Collection[str]
) -> Mapping[tuple[str, str], None] | None:
    """What has assets, after some stories changed; aliases do not."""
    if before.bearing is None or stories.bearing is None:
        return None
    gone = {(_STORIES, key) for key in keys} & before.bearing.keys()
    if gone == stories.bearing.keys():
        return before.bearing
    return {**{place: None for place in before.bearing if place not in gone}, **stories.bearing}


def _files_of(library: Library, texts: Collection[str]) -> set[str]:
    """All files of the stories that some files belong to."""
    known = [library.paths[path] for path in texts if path in library.paths]
    found = {item.path for _, key in known for item in library.stories[key].items.values()}
    if any(path not in library.paths for path in texts):  # a new file: perhaps of a story that is there
        stems = {derive_stem(path) for path in texts}
        found |= {path for path in library.paths if derive_stem(path) in stems}
    return found


def _is_or_was(path: str, source: Source, before: Library) -> bool:
    """Not what an editor's program makes while it saves, and takes away again."""
    return path in before.paths or path in before.assets or source.has(path)


def _is_story(path: str, settings: Settings) -> bool:
    place, _ = parse_content_path(path, settings.site.languages, settings.site.default_language)
    return place is not None and place.kind == _STORIES


def _new_files(source: Source, before: Library, paths: Collection[str]) -> dict[str, Asset] | None:
    """``None`` when one of them was there before, or is none: others may show it."""
    found = {path: None if path in before.assets else source.asset(path) for path in paths}
    new = {path: asset for path, asset in found.items() if asset is not None}
    return new if len(new) == len(found) else None


def _refuse(problems: Sequence[Problem]) -> None:
    if select_errors(problems):
        raise ProblemsFound(problems)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be done."""

    plan: Sequence[PlannedArtifact]
    index: SiteIndex
    keys: frozenset[str]
    """Of the changed stories."""
    feeds: Sequence[tuple[PlannedArtifact, Sequence[str]]]
    """As they were published, and which stories they brought."""
    gone: frozenset[str]
    """Output paths that are no more, with their compressed copies."""
    more_pages: int

    @classmethod
    def of(cls, changes: Sequence[Change], before: SiteIndex, after: SiteIndex) -> _Work:
        """From the site before and after."""
        plan = {one.path: one for one in touched(changes, after, before)}
        old = {one.path: one for one in touched(changes, before, after)}
        gone = old.keys() - plan.keys()
        return cls(
            [*plan.values()],
            after,
            frozenset(change.id for change in changes),
            [
                (one, [row.id for row in list_feed_rows(before, one)])
                for one in old.values()
                if one.kind == "feed"
            ],
            frozenset(path + ending for path in gone for ending in ("", COMPRESSED)),
            _count_pages(plan) - _count_pages(old),
        )


def _count_pages(paths: Iterable[str]) -> int:
    return sum(path.endswith(".html") for path in paths)


def _publish(
    desk: Desk, work: _Work, folder: Path, standing: Standing
) -> tuple[dict[str, Stamp], Written | None]:
    made: list[Made] = []

    def make(stage: Stage) -> Iterator[Made]:
        renderer = Renderer(work.index, desk.texts, desk.templates, desk.source, work.plan)
        for feed, keys in work.feeds:
            renderer.know(feed, keys, work.keys, stage.published(feed.path))
        made.extend(renderer.render(work.plan, stage))
        return iter(made)

    gone = sorted(path for path in work.gone if (folder / path).exists())
    written = publish_some(folder, make, gone, standing)
    return {one.path: stamp_of(f"{folder}/{one.path}") or () for one in made}, written
