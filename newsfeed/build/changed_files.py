"""Read the content files that changed since the last build: which stories they tell, before and after."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from newsfeed.build.load import read_text_file
from newsfeed.build.stored_stories import change_stories
from newsfeed.core.content.clashes import list_clashing_files
from newsfeed.core.content.library import LibraryAssembly, group_by_content, is_story, join_story
from newsfeed.core.content.links import LinkMap, derive_stem
from newsfeed.core.content.misnamed import may_be_told
from newsfeed.core.content.parse import parse_content_path
from newsfeed.core.content.reference_data import ReferenceData
from newsfeed.core.content.staleness import list_files
from newsfeed.core.site.impact import Change
from newsfeed.errors import ProblemsFound
from newsfeed.model import Library
from newsfeed.problems import select_errors

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from newsfeed.build.cache.snapshot import LibrarySnapshot
    from newsfeed.build.context import ReadingContext
    from newsfeed.core.content.parse import ParsedFile
    from newsfeed.model import Asset
    from newsfeed.ports import Source
    from newsfeed.problems import Problem
    from newsfeed.settings import Settings

_STORIES = "news"
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class ChangedFiles:
    """The stories of changed files, as they were and as they are, and the library with them."""

    library: Library
    """As it is now."""
    changes: Sequence[Change]
    problems: Sequence[Problem]
    links: LinkMap
    """Of the library as it is now."""
    files: Collection[str]
    """All files of the changed stories, also those that are no more."""


class KnownTexts(Protocol):
    """The site before a change."""

    @property
    def all_content(self) -> Library:
        """Everything its files said."""

    @property
    def links(self) -> LinkMap:
        """The targets of links between its texts."""


def read_changed(
    context: ReadingContext, snapshot: LibrarySnapshot, index: KnownTexts, changed: Collection[str]
) -> ChangedFiles | None:
    """Read the stories that changed files belong to; ``None`` when more changed than stories, and files that
    came with them. Raises `ProblemsFound` when what they say is wrong. ``index``: the site before.
    """
    before, source = index.all_content, context.source
    changed = frozenset(path for path in changed if _is_or_was(path, source, before))
    texts = {path for path in changed if path.endswith(".md")}
    new_files = _new_files(source, before, changed - texts)
    if (
        new_files is None
        or any(map(may_be_told, new_files))
        or not all(_is_story(path, context.settings) for path in texts)
    ):
        return None
    old = _files_of(before, texts)
    files = {*old, *texts}
    parsed, problems = _parse(context, files)
    if parsed is None or not all(files.issuperset(snapshot.linking(path)) for path in new_files):
        return None
    links, assets, others = index.links, before.assets, before.paths
    if new_files or {one.path for one in parsed} != old:
        assets = {**assets, **new_files}
        others = {path: text for path, text in before.paths.items() if path not in files}
        links = LinkMap({*others, *(one.path for one in parsed)}, assets, context.settings.links.allow)
    reference = ReferenceData([one.path for one in parsed], links, assets, context.settings)
    after, found = _join(parsed, reference, before)
    if context.show is not None:
        after = replace(after, stories={key: context.show(story) for key, story in after.stories.items()})
    if list_clashing_files(found):  # which of two files is the newer one is found out by a full build
        return None
    problems = [*problems, *found]
    _refuse(problems)
    ids = {before.paths[path][1] for path in old}
    if any(key in before.stories for key in after.stories.keys() - ids):  # an id that another story has
        return None
    library = replace(
        _with_links(before, after, files),
        stories=change_stories(before.stories, after.stories, ids),
        assets=assets,
        paths=_with(others, after.paths),
        with_extra_paths=_with_extra_paths(before, after, ids),
    )
    both = sorted({*ids, *after.stories})
    changes = [Change(before.stories.get(key), after.stories.get(key)) for key in both]
    if any(map(may_be_told, _files_named_anew(changes))):  # somebody may see them now, or nobody any more
        return None
    return ChangedFiles(library, changes, problems, links, files)


def _parse(context: ReadingContext, files: Collection[str]) -> tuple[list[ParsedFile] | None, list[Problem]]:
    """Return what files say, and its problems; ``None`` when one of them tells no text."""
    told = [
        read_text_file(context.source, path, context.settings, context.vocabulary)
        for path in files
        if context.source.has(path)
    ]
    problems = [problem for one in told for problem in one.problems]
    _refuse(problems)
    parsed = [one.parsed for one in told if one.parsed is not None and one.parsed.item is not None]
    return (parsed if len(parsed) == len(told) else None), problems


def _join(
    parsed: Sequence[ParsedFile], reference: ReferenceData, before: Library
) -> tuple[Library, list[Problem]]:
    """Return a library of the stories that files tell, beside the other texts of the library before."""
    assembly, stories = LibraryAssembly(reference), {}
    by_path = {one.path: one for one in parsed}
    for paths in group_by_content(sorted(by_path)):
        joined, problems = join_story([by_path[path] for path in paths], reference, before)
        assembly.problems += problems
        if joined is not None and assembly.register(joined.claims):
            stories[joined.story.id] = joined.story
    others = Library(stories={}, projects={}, programmes={}, pages={}, assets=reference.assets)
    return assembly.library(others, stories), assembly.problems


def _with(
    table: Mapping[str, tuple[str, str]], more: Mapping[str, tuple[str, str]]
) -> Mapping[str, tuple[str, str]]:
    """Return a table with more in it; the very same where it has all that."""
    return table if more.items() <= table.items() else {**table, **more}


def _with_links(before: Library, stories: Library, files: Collection[str]) -> Library:
    """Return the library before with the links and places of changed stories. ``files``: all of theirs."""
    return replace(
        before,
        link_sources=_link_sources(before, stories),
        own_links=_by_file(before.own_links, stories.own_links, files),
        place_links=_by_file(before.place_links, stories.place_links, files),
        anchors=_by_file(before.anchors, stories.anchors, files),
    )


def _link_sources(before: Library, stories: Library) -> Mapping[str, Collection[str]]:
    """Return who links to what, after some stories changed; perhaps somebody who does so no more."""
    more = {
        name: {*before.link_sources.get(name, ()), *paths} for name, paths in stories.link_sources.items()
    }
    new = {
        name: tuple(sorted(paths))
        for name, paths in more.items()
        if len(paths) > len(before.link_sources.get(name, ()))
    }
    return {**before.link_sources, **new} if new else before.link_sources


def _by_file(
    before: Mapping[str, Value], stories: Mapping[str, Value], files: Collection[str]
) -> Mapping[str, Value]:
    """Return what is known of single files, after some stories changed. ``files``: all of these stories."""
    gone = files & before.keys()
    if not gone and not stories:
        return before
    left = {path: value for path, value in before.items() if path not in gone}
    return {**left, **stories}


def _with_extra_paths(
    before: Library, stories: Library, keys: Collection[str]
) -> Mapping[tuple[str, str], None] | None:
    """Return what has assets, after some stories changed; aliases do not."""
    if before.with_extra_paths is None or stories.with_extra_paths is None:
        return None
    gone = {(_STORIES, key) for key in keys} & before.with_extra_paths.keys()
    if gone == stories.with_extra_paths.keys():
        return before.with_extra_paths
    return {
        **{place: None for place in before.with_extra_paths if place not in gone},
        **stories.with_extra_paths,
    }


def _files_named_anew(changes: Sequence[Change]) -> Iterator[str]:
    """Yield the files that changed stories bring along now and did not before, or no more."""
    for change in changes:
        old, new = (set(story.assets) if story else set[str]() for story in (change.before, change.after))
        yield from old ^ new


def _files_of(library: Library, texts: Collection[str]) -> set[str]:
    """Return all files of the stories that some files belong to."""
    known = [library.paths[path] for path in texts if path in library.paths]
    found = {path for _, key in known for path in list_files(library.stories[key])}
    if any(path not in library.paths for path in texts):  # a new file: perhaps of a story that is there
        stems = {derive_stem(path) for path in texts}
        found |= {path for path in library.paths if derive_stem(path) in stems}
    return found


def _is_or_was(path: str, source: Source, before: Library) -> bool:
    """Tell real files from what an editor's program makes while it saves, and takes away again."""
    return path in before.paths or path in before.assets or source.has(path)


def _is_story(path: str, settings: Settings) -> bool:
    place, _ = parse_content_path(path, settings.site.languages, settings.site.default_language)
    return place is not None and is_story(path)


def _new_files(source: Source, before: Library, paths: Collection[str]) -> dict[str, Asset] | None:
    """Return files that came with stories; ``None`` when one was there before: others may show it."""
    found = {path: None if path in before.assets else source.asset(path) for path in paths}
    new = {path: asset for path, asset in found.items() if asset is not None}
    return new if len(new) == len(found) else None


def _refuse(problems: Sequence[Problem]) -> None:
    if select_errors(problems):
        raise ProblemsFound(problems)
