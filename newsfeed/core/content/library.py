"""Parsed files → the library: texts joined, each by itself, and then held against each other."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from newsfeed.core.content.disputes import is_newer
from newsfeed.core.content.joining import ReferenceData, TranslationJoiner
from newsfeed.core.content.links import LinkMap
from newsfeed.core.site import urls
from newsfeed.model import Content, Library, Programme, Project, StaticPage, Story
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsfeed.core.content.joining import IdClaims
    from newsfeed.core.content.packing import File
    from newsfeed.core.content.parse import UnreadFile
    from newsfeed.model import Asset
    from newsfeed.ports import Spread
    from newsfeed.settings import Settings

_STORIES = "news"
_NOTHING: Mapping[str, float] = {}
K = TypeVar("K")
Beside = tuple[Library, LinkMap]


class StoryCollector(Protocol[K]):
    """Puts the stories of a library together."""

    def put(self, story: Story, projects: Mapping[str, Project]) -> K:
        """Return a story in the form in which it is gathered; called in any process."""

    def gather(self, kept: Iterable[K]) -> Mapping[str, Story]:
        """Return all stories by id, newest first; called in one process."""


class PlainStoryCollector:
    """Gathers the stories as they are."""

    def put(self, story: Story, projects: Mapping[str, Project]) -> Story:
        """Return the story."""
        return story

    def gather(self, kept: Iterable[Story]) -> Mapping[str, Story]:
        """Return them in a dictionary."""
        found = sorted(kept, key=lambda story: (-story.date.timestamp(), story.id))
        return {story.id: story for story in found}


def assemble(
    files: Sequence[File],
    assets: Mapping[str, Asset],
    settings: Settings,
    keep: StoryCollector[K],
    spread: Spread,
    beside: Beside | None = None,
    unread: Sequence[UnreadFile] = (),
    added: Mapping[str, float] = _NOTHING,
) -> tuple[Library, list[Problem]]:
    """Join all files into the library, with everything that is wrong between them. They are unpacked story
    by story, so that no more than one has to be in memory.
    ``spread``: does the work on many stories at once; ``beside``: the rest of the library, when they are
    only some stories; these alone come out, not held against the others. ``unread``: files that cannot be
    read, whose translations are not blamed; ``added``: when files came into version control (`is_newer`).
    """
    files = sorted(files, key=lambda one: one.path)
    texts = [one.path for one in files]
    links = beside[1] if beside else LinkMap(set(texts), assets)
    if beside is None:
        links.sort_out()
    assembly = _Assembly(ReferenceData(texts, links, assets, settings, unread, added))
    library = assembly.library(files, keep, spread, beside[0] if beside else None)
    problems = assembly.problems
    if assembly.losers:  # the text to which an id belongs came behind another one that claims it too
        rest = [one for one in files if one.stem not in assembly.losers]
        library, again = assemble(rest, assets, settings, keep, spread, beside, unread, added)
        problems = list(dict.fromkeys([*problems, *again]))
    return library, sorted(problems, key=lambda one: one.where.path)


class _Assembly:
    """One run of `assemble`; its state is the list of problems and what is taken already."""

    def __init__(self, reference: ReferenceData) -> None:
        self._reference = reference
        self._with_extra_paths: set[tuple[str, str]] = set()
        self._link_sources: dict[str, list[str]] = defaultdict(list)
        self._ids: dict[tuple[str, str], tuple[Location, str]] = {}
        self._addresses: dict[str, str] = {}
        self._paths: dict[str, tuple[str, str]] = {}
        self._authors: dict[str, tuple[tuple[str, Location], ...]] = {}
        self.losers: set[str] = set()
        """Stems of texts that took an id, though it belongs to a text that came later."""
        self.problems: list[Problem] = []

    def library(
        self, files: Iterable[File], keep: StoryCollector[K], spread: Spread, beside: Library | None
    ) -> Library:
        """Join and check, last the stories: they refer to all else."""
        groups = self._groups(files)
        library = self._others([group for group in groups if group[0].kind != _STORIES])
        stories = [group for group in groups if group[0].kind == _STORIES]
        kept = keep.gather(self._stories(stories, keep, spread, beside or library))
        self._check_authors(kept)
        return replace(
            library,
            stories=kept,
            link_sources={name: tuple(paths) for name, paths in self._link_sources.items()},
            with_extra_paths=self._in_order(kept, library),
        )

    def _groups(self, files: Iterable[File]) -> list[list[File]]:
        """Files by the text they translate; of two for one language the second is a problem."""
        by_stem: dict[str, list[File]] = defaultdict(list)
        for one in files:
            group = by_stem[one.stem]
            taken = next((other for other in group if other.lang == one.lang), None)
            if taken is None:
                group.append(one)
            else:
                self._report("language-twice", Location(one.path), other=taken.path)
        return [*by_stem.values()]

    def _others(self, groups: Sequence[Sequence[File]]) -> Library:
        """All but the stories; they may refer to each other."""
        projects: dict[str, Project] = {}
        programmes: dict[str, Programme] = {}
        pages: dict[str, StaticPage] = {}
        unchecked = []
        for group in groups:
            one = TranslationJoiner([file.unpacked() for file in group], self._reference)
            joined = one.join()
            unchecked.append(one)
            if joined is not None and self._takes(joined[1], group):
                _put(joined[0], projects, programmes, pages)
        library = Library(
            stories={},
            projects=dict(sorted(projects.items())),
            programmes=dict(sorted(programmes.items())),
            pages=dict(sorted(pages.items())),
            assets=self._reference.assets,
            paths=self._paths,
        )
        for one in unchecked:
            one.check_references(library)
            self.problems += one.problems
        return library

    def _stories(
        self, groups: Sequence[Sequence[File]], keep: StoryCollector[K], spread: Spread, rest: Library
    ) -> Iterator[K]:
        """One after the other."""

        def work(group: Sequence[File]) -> tuple[K | None, IdClaims | None, list[Problem]]:
            one = TranslationJoiner([file.unpacked() for file in group], self._reference)
            joined = one.join()
            one.check_references(rest)
            if joined is None or not isinstance(joined[0], Story):
                return None, None, one.problems
            return keep.put(joined[0], rest.projects), joined[1], one.problems

        for group, (kept, claims, problems) in zip(groups, spread(groups, work), strict=True):
            self.problems += problems
            if claims is not None and self._takes(claims, group):
                assert kept is not None
                yield kept

    def _takes(self, claims: IdClaims, group: Sequence[File]) -> bool:
        """Give a text what it claims, unless another has its id."""
        place = (claims.kind, claims.id)
        first, stem = self._ids.setdefault(place, (claims.where, group[0].stem))
        if first.path != claims.source:
            newer = is_newer(claims.source, first.path, claims.id, self._reference.added)
            where, other = (claims.where, first.path) if newer else (first, claims.source)
            self._report("id-duplicate", where, value=claims.id, other=other)
            if not newer:
                self._ids[place] = claims.where, group[0].stem
                self.losers.add(stem)
            return False
        for address, path in claims.addresses:
            other = self._addresses.setdefault(address, path)
            if other != path:
                shown = "/" + urls.encode_path(address)
                self._report("url-duplicate", Location(path), value=shown, other=other)
        if claims.bears:
            self._with_extra_paths.add(place)
        if claims.authors:
            self._authors[claims.id] = claims.authors
        for file, names in zip(group, claims.names, strict=True):
            self._paths[file.path] = place
            for name in names:
                self._link_sources[name].append(file.path)
        return True

    def _in_order(self, stories: Iterable[str], library: Library) -> dict[tuple[str, str], None]:
        """What has assets or aliases."""
        keys = {_STORIES: stories, "projects": library.projects}
        keys |= {"programmes": library.programmes, "pages": library.pages}
        places = ((kind, key) for kind, ids in keys.items() for key in ids)
        return dict.fromkeys(place for place in places if place in self._with_extra_paths)

    def _check_authors(self, stories: Iterable[str]) -> None:
        """Report names that would share a page, where the rarer or newer spelling stands first."""
        by_page: dict[str, dict[str, list[Location]]] = defaultdict(lambda: defaultdict(list))
        for authors in (self._authors[key] for key in stories if key in self._authors):
            for name, where in authors:
                by_page[urls.make_author_key(name)][name].append(where)
        for spellings in by_page.values():
            if len(spellings) > 1:
                right = max(spellings, key=lambda name: self._trust(name, spellings[name]))
                for name, places in spellings.items():
                    if name != right:
                        other, path = right, spellings[right][-1].path
                        self._report("author-ambiguous", places[0], value=name, other=other, path=path)

    def _trust(self, name: str, places: Sequence[Location]) -> tuple[float, int, bool, int]:
        """Return what is most for the spelling that was there first, or stands in more stories."""
        added = self._reference.added
        oldest = min(added.get(where.path, math.inf) for where in places)
        plain = name[:1].isupper() and name[-1:].isalnum()
        return -oldest, len(places), plain, -len(name)

    def _report(self, code: str, where: Location, /, **params: object) -> None:
        self.problems.append(problem(code, where, **params))


def _put(
    content: Content,
    projects: dict[str, Project],
    programmes: dict[str, Programme],
    pages: dict[str, StaticPage],
) -> None:
    if isinstance(content, Project):
        projects[content.id] = content
    elif isinstance(content, Programme):
        programmes[content.id] = content
    elif isinstance(content, StaticPage):
        pages[content.id] = content
