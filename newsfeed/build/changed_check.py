"""Check changed files: hold what they say against the library as the last build left it.

Quick, as nothing else is read. What a change does to other texts is not told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsfeed.build.load import attribute_problems, read_text_file
from newsfeed.core.content.library import LibraryAssembly, group_by_content, is_story, join_story
from newsfeed.core.content.links import LinkMap, derive_stem, list_link_names
from newsfeed.core.content.misnamed import find_misnamed
from newsfeed.core.content.parse import note_unread
from newsfeed.core.content.reference_data import ReferenceData
from newsfeed.core.content.staleness import list_files
from newsfeed.core.site.redirects import contents_by_kind
from newsfeed.problems import Problem, problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from newsfeed.build.context import ReadingContext
    from newsfeed.build.load import TextFile
    from newsfeed.core.content.claims import IdClaims
    from newsfeed.core.content.parse import ParsedFile
    from newsfeed.model import Asset, Library
    from newsfeed.ports import Source


def check_changed_files(
    context: ReadingContext, library: Library, changed: Collection[str], asked: Collection[str]
) -> list[Problem]:
    """Return the problems of the texts that some files belong to, or are shown in.

    library: as the last build left it; ``changed``: content files that changed, came or went since, and those
    that somebody asks for; ``asked``: the latter.
    """
    languages = context.settings.site.languages
    source = context.source
    there = {path for path in changed if path in library.paths or path in library.assets or source.has(path)}
    files = {path for path in there if not path.endswith(".md")}
    texts = (there - files) | _list_showing(library, files, languages)
    old = _list_files_of(library, texts, languages)
    read = {
        path: read_text_file(source, path, context.settings, context.vocabulary)
        for path in sorted(old | texts)
        if source.has(path)
    }
    assets = _find_assets(source, library, files)
    reference = _refer(context, library, read, assets, old)
    problems = [one for file in read.values() for one in file.problems]
    problems += _join(read, reference, library, {library.paths[path] for path in old})
    new, default = files & assets.keys(), context.settings.site.default_language
    problems += find_misnamed(new, library.link_sources, languages, default)
    told = {*asked, *_list_showing(library, files.intersection(asked), languages)}
    stems = {derive_stem(path) for path in told if path.endswith(".md")}
    return [
        one
        for one in attribute_problems(problems, source)
        if one.where.path in told or (one.where.path.endswith(".md") and derive_stem(one.where.path) in stems)
    ]


def _list_showing(library: Library, files: Collection[str], languages: Sequence[str]) -> set[str]:
    """Return the texts that may show some files: those that name them, and those that share a folder with
    them.
    """
    names = {name for path in files for name in list_link_names(path)}
    naming = {text for name in names for text in library.link_sources.get(name, ())}
    beside = {one for path in files for one in _list_beside(path.rpartition("/")[0], languages)}
    return (naming | beside) & library.paths.keys()


def _list_files_of(library: Library, texts: Collection[str], languages: Sequence[str]) -> set[str]:
    """Return the known files of all texts that some files belong to, or may belong to."""
    tables = contents_by_kind(library)
    new = [path for path in texts if path not in library.paths]
    near = {one for path in new for one in _list_beside(derive_stem(path), languages)}
    known = {library.paths[path] for path in {*texts, *near} if path in library.paths}
    contents = (tables[kind][key] for kind, key in known if key in tables[kind])
    return {path for content in contents for path in list_files(content)} & library.paths.keys()


def _list_beside(stem: str, languages: Sequence[str]) -> Iterator[str]:
    """Yield the paths that files of one text may have."""
    for name in (stem, f"{stem}/index"):
        yield f"{name}.md"
        yield from (f"{name}.{lang}.md" for lang in languages)


def _find_assets(source: Source, library: Library, files: Collection[str]) -> dict[str, Asset]:
    """Return all files beside texts, with some of them as they are now."""
    now = {path: source.asset(path) for path in files}
    left = {path: asset for path, asset in library.assets.items() if path not in now}
    return {**left, **{path: asset for path, asset in now.items() if asset is not None}}


def _refer(
    context: ReadingContext,
    library: Library,
    read: Mapping[str, TextFile],
    assets: Mapping[str, Asset],
    old: Collection[str],
) -> ReferenceData:
    """Return what texts are held against. ``old``: paths that were known, and may be gone."""
    paths = library.paths.keys() - old | read.keys()
    unread = [note_unread(context.source.text(path)) for path, one in read.items() if one.parsed is None]
    links = LinkMap(paths, assets, context.settings.links.allow)
    return ReferenceData([*read], links, assets, context.settings, unread)


def _join(
    read: Mapping[str, TextFile],
    reference: ReferenceData,
    library: Library,
    own: Collection[tuple[str, str]],
) -> Iterator[Problem]:
    """Yield what is wrong with texts as a whole. ``own``: kind and id of those that were known before."""
    assembly = LibraryAssembly(reference)
    parsed = {path: one.parsed for path, one in read.items() if one.parsed is not None}
    groups: list[Sequence[ParsedFile]] = [
        [parsed[path] for path in group] for group in group_by_content(parsed)
    ]
    stories = [group for group in groups if is_story(group[0].path)]
    groups = [group for group in groups if not is_story(group[0].path)]
    others = assembly.join_others(groups, beside=_without(library, own))
    for group in stories:
        joined, found = join_story(group, reference, others)
        yield from found
        if joined is not None and assembly.register(joined.claims):
            yield from _check_id(joined.claims, library, own)
    yield from assembly.problems


def _without(library: Library, own: Collection[tuple[str, str]]) -> Library:
    """Return a library without some of its texts that are no stories."""
    return replace(
        library,
        projects={key: one for key, one in library.projects.items() if ("projects", key) not in own},
        programmes={key: one for key, one in library.programmes.items() if ("programmes", key) not in own},
        pages={key: one for key, one in library.pages.items() if ("pages", key) not in own},
    )


def _check_id(claims: IdClaims, library: Library, own: Collection[tuple[str, str]]) -> Iterator[Problem]:
    """Report an id that a text has which did not change."""
    if (claims.kind, claims.id) not in own and claims.id in library.stories:
        other = library.stories[claims.id].origin.path
        yield problem("id-duplicate", claims.where, value=claims.id, other=other)
