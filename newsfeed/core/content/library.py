"""Parsed files → the library: texts joined, each by itself, and then held against each other."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.content.clashes import is_newer
from newsfeed.core.content.joining import TranslationJoiner
from newsfeed.core.content.links import derive_stem
from newsfeed.core.site import urls
from newsfeed.core.site.index import StoryRow, make_row
from newsfeed.model import Content, Library, Programme, Project, StaticPage, Story
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newsfeed.core.content.claims import IdClaims
    from newsfeed.core.content.parse import ParsedFile
    from newsfeed.core.content.reference_data import ReferenceData
    from newsfeed.model import Link, PlaceLink

_STORIES = "news"


class JoinedStory(NamedTuple):
    """A story, and what the library has to know of it."""

    story: Story
    row: StoryRow
    claims: IdClaims


def is_story(path: str) -> bool:
    """Tell whether a content file is of a story."""
    return path.startswith(f"{_STORIES}/")


def group_by_content(paths: Iterable[str]) -> list[list[str]]:
    """Return content files by the text that they are translations of."""
    by_stem: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in paths:
        by_stem[path.partition("/")[0], derive_stem(path)].append(path)
    return [*by_stem.values()]


def join_story(
    files: Sequence[ParsedFile], reference: ReferenceData, others: Library
) -> tuple[JoinedStory | None, list[Problem]]:
    """Join the files of one story, and check what they refer to; ``None`` when they say too little.

    others: the library but for its stories.
    """
    joiner = TranslationJoiner(files, reference)
    joined = joiner.join()
    joiner.check_references(others)
    if joined is None:
        return None, joiner.problems
    story, claims = joined
    assert isinstance(story, Story), "the files of stories have a folder of their own"
    return JoinedStory(story, make_row(story, others.projects), claims), joiner.problems


class LibraryAssembly:
    """Holds texts against each other as they come; its state is what is taken already, and the problems."""

    def __init__(self, reference: ReferenceData) -> None:
        self._reference = reference
        self._with_extra_paths: set[tuple[str, str]] = set()
        self._link_sources: dict[str, list[str]] = defaultdict(list)
        self._own_links: dict[str, Sequence[Link]] = {}
        self._place_links: dict[str, Sequence[PlaceLink]] = {}
        self._anchors: dict[str, frozenset[str]] = {}
        self._ids: dict[tuple[str, str], Location] = {}
        self._addresses: dict[str, str] = {}
        self._guids: dict[str, str] = {}
        self._paths: dict[str, tuple[str, str]] = {}
        self._authors: dict[str, tuple[tuple[str, Location], ...]] = {}
        self.losers: set[str] = set()
        """Stems of texts that took an id, though it belongs to a text that came later."""
        self.problems: list[Problem] = []

    def join_others(self, texts: Iterable[Sequence[ParsedFile]], beside: Library | None = None) -> Library:
        """Join all texts but the stories, each given by its files; they may refer to each other, and to those
        of another library ``beside`` them.
        """
        projects: dict[str, Project] = dict(beside.projects) if beside else {}
        programmes: dict[str, Programme] = dict(beside.programmes) if beside else {}
        pages: dict[str, StaticPage] = dict(beside.pages) if beside else {}
        unchecked = []
        for files in texts:
            joiner = TranslationJoiner(files, self._reference)
            joined = joiner.join()
            unchecked.append(joiner)
            if joined is not None and self.register(joined[1]):
                _put(joined[0], projects, programmes, pages)
        library = Library(
            stories={},
            projects=dict(sorted(projects.items())),
            programmes=dict(sorted(programmes.items())),
            pages=dict(sorted(pages.items())),
            assets=self._reference.assets,
        )
        for joiner in unchecked:
            joiner.check_references(library)
            self.problems += joiner.problems
        return library

    def register(self, claims: IdClaims) -> bool:
        """Register a text with its id and addresses, unless another has its id."""
        place = (claims.kind, claims.id)
        first = self._ids.setdefault(place, claims.where)
        if first.path != claims.source:
            newer = is_newer(claims.source, first.path, claims.id, self._reference.added)
            where, other = (claims.where, first.path) if newer else (first, claims.source)
            self._report("id-duplicate", where, value=claims.id, other=other)
            if not newer:
                self._ids[place] = claims.where
                self.losers.add(derive_stem(first.path))
            return False
        self._check_claims(claims)
        if claims.has_extra_paths:
            self._with_extra_paths.add(place)
        if claims.authors:
            self._authors[claims.id] = claims.authors
        self._own_links.update(claims.own_links)
        self._place_links.update(claims.place_links)
        self._anchors.update(claims.anchors)
        for path, names in claims.link_names.items():
            self._paths[path] = place
            for name in names:
                self._link_sources[name].append(path)
        return True

    def _check_claims(self, claims: IdClaims) -> None:
        """Report addresses and foreign feed ids that another text has."""
        for address, path in claims.addresses:
            other = self._addresses.setdefault(address, path)
            if other != path:
                shown = "/" + urls.encode_path(address)
                self._report("url-duplicate", Location(path), value=shown, other=other)
        for guid, where in claims.guids:
            other = self._guids.setdefault(guid, claims.source)
            if other != claims.source:
                self._report("guid-duplicate", where, value=guid, other=other)

    def library(self, others: Library, stories: Mapping[str, Story]) -> Library:
        """Return the library of all texts that were taken. ``stories``: newest first."""
        self._check_authors(stories)
        return replace(
            others,
            stories=stories,
            paths=self._paths,
            link_sources={name: tuple(paths) for name, paths in self._link_sources.items()},
            own_links=self._own_links,
            place_links=self._place_links,
            anchors=self._anchors,
            with_extra_paths=self._in_order(stories, others),
        )

    def _in_order(self, stories: Iterable[str], others: Library) -> dict[tuple[str, str], None]:
        """Return what has assets or aliases, kind by kind."""
        keys = {_STORIES: stories, "projects": others.projects}
        keys |= {"programmes": others.programmes, "pages": others.pages}
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
