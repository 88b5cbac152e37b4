"""The library as its editions see it: what is public now, in which lists, newest first.

Lists are made of *rows*, which know of a story all that lists are sorted, counted and cut by. Its texts
are looked up when they are shown, so a library may fetch them only then.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.content.languages import find_first_available
from newsfeed.core.content.links import LinkMap
from newsfeed.core.site import urls
from newsfeed.core.site.neighbours import Neighbourhoods
from newsfeed.core.site.public_stories import PublicStories
from newsfeed.core.site.sections import FOUND_IN_STORIES, SITE, Section
from newsfeed.core.site.sitemap_parts import cut_sitemap
from newsfeed.model import Content, Item, Library, Story

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsfeed.core.site.sitemap_parts import SitemapPart
    from newsfeed.model import Project
    from newsfeed.settings import Language, Settings


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text as an edition shows it: in its language, or in one that stands in."""

    content: Content
    item: Item
    is_fallback: bool


class StoryRow(NamedTuple):
    """Everything of a story that lists are sorted, counted and cut by: all but its texts."""

    id: str
    date: datetime
    updated: datetime
    expires: datetime | None
    draft: bool
    slugs: Mapping[str, str]
    """Language → slug of its items."""
    authors: tuple[str, ...]
    order: int
    original: str
    """Language of its original."""
    withdrawn: datetime | None
    """When it was withdrawn; no list holds it then."""
    title: str
    """Of its original; no list of the site depends on it."""
    outdated: tuple[str, ...]
    """Languages of translations that are behind it; no list depends on them."""
    sections: tuple[Section, ...]
    """The last, as `newsfeed.build.cache.row_codec` expects."""

    def page(self, language: Language) -> tuple[str, bool] | None:
        """Return (path, whether it shows another language) of the story's page in an edition; ``None``
        without one.
        """
        available = find_first_available(language.chain, self.slugs)
        if available is None:
            return None
        path = urls.story_path(language.story_url, language.code, self.date, available[1])
        return path, available[0] != language.code

    def shown_language(self, language: Language) -> str:
        """Return the language of the story's page in an edition that has one."""
        if self.withdrawn is not None:
            return language.code
        return next((code for code in language.chain if code in self.slugs), "")

    def is_public(self, now: datetime) -> bool:
        """Return whether the story has a page: it is no draft, due already, and not expired."""
        return not self.draft and self.date <= now and (self.expires is None or now < self.expires)


class StoryLists:
    """The rows of public stories, list by list. They know no texts, so they stay when only texts change.

    Lists of pages hold no withdrawn story; feeds do, to say so.
    """

    def __init__(self, rows: Iterable[StoryRow], library: Library, settings: Settings) -> None:
        self.all_rows = {row.id: row for row in rows}
        """With those that were withdrawn."""
        self.withdrawn = {key: row for key, row in self.all_rows.items() if row.withdrawn is not None}
        self.rows = self.all_rows
        if self.withdrawn:
            self.rows = {key: row for key, row in self.all_rows.items() if key not in self.withdrawn}
        self._configured = dict.fromkeys(_configured(library, settings))
        self._shown: dict[tuple[frozenset[str], Section], list[StoryRow]] = {}
        self._in_feeds: dict[tuple[frozenset[str], Section], list[StoryRow]] = {}
        self._updated: dict[tuple[frozenset[str], Section], datetime | None] = {}
        self._months: dict[frozenset[str], dict[tuple[int, int], list[StoryRow]]] = {}

    @cached_property
    def by_section(self) -> Mapping[Section, Sequence[StoryRow]]:
        """The public stories of every section, newest first."""
        by_section: dict[Section, list[StoryRow]] = defaultdict(list)
        for section in self._configured:
            by_section[section] = []
        for row in self.rows.values():
            for section in row.sections:
                if section in by_section or section.name in FOUND_IN_STORIES:
                    by_section[section].append(row)
        return dict(by_section)

    def shown_in(self, language: Language, section: Section) -> list[StoryRow]:
        """Return the stories of a section that an edition can show, newest first."""
        # By the languages, not the edition: where editions stand in for each other, their lists are one.
        chain = frozenset(language.chain)
        key = (chain, section)
        if key not in self._shown:
            rows = self.by_section.get(section, ())
            self._shown[key] = [row for row in rows if not chain.isdisjoint(row.slugs)]
        return self._shown[key]

    def fed_in(self, language: Language, section: Section) -> list[StoryRow]:
        """Return the stories of a section's feeds in an edition, newest first: also those withdrawn."""
        shown, chain = self.shown_in(language, section), frozenset(language.chain)
        if not self.withdrawn:
            return shown
        key = (chain, section)
        if key not in self._in_feeds:
            theirs = (row for row in self.withdrawn.values() if section in row.sections)
            more = [row for row in theirs if not chain.isdisjoint(row.slugs)]
            self._in_feeds[key] = sorted([*shown, *more], key=newest_first_key) if more else shown
        return self._in_feeds[key]

    def updated(self, language: Language, section: Section) -> datetime | None:
        """Return the moment of the newest change in a list; ``None`` when the list is empty."""
        key = (frozenset(language.chain), section)
        if key not in self._updated:
            self._updated[key] = max((row.updated for row in self.shown_in(language, section)), default=None)
        return self._updated[key]

    @cached_property
    def _seconds(self) -> Mapping[str, int]:
        """Return the stories above others of the same moment, and by how many seconds each is to be later."""
        found: dict[str, int] = {}
        for _, group in groupby(self.all_rows.values(), key=lambda row: row.date.timestamp()):
            keys = [row.id for row in group]
            found.update((key, place) for place, key in enumerate(reversed(keys)) if place)
        return found

    def published(self, row: StoryRow) -> datetime:
        """Return the moment of a story for feeds, whose readers sort by it: of several stories of one moment
        each is a second later than the one below it.
        """
        seconds = self._seconds.get(row.id)
        return row.date + timedelta(seconds=seconds) if seconds else row.date

    def changed(self, row: StoryRow) -> datetime:
        """Return the moment of a story's last change for feeds: never before it was published there."""
        published = self.published(row)
        if row.updated is published:  # most were never changed
            return published
        return max(row.updated, published, key=datetime.timestamp)

    def shifted(self, other: StoryLists) -> set[str]:
        """Return the stories whose moment for feeds differs in other lists because of those beside them."""
        if other is self:
            return set()
        ours, theirs = self._seconds, other._seconds
        keys = {key for key, _ in ours.items() ^ theirs.items()}
        return {key for key in keys if key in self.all_rows and key in other.all_rows}

    def months(self, language: Language) -> Mapping[tuple[int, int], Sequence[StoryRow]]:
        """Return the stories that an edition can show by (year, month), newest first in each."""
        chain = frozenset(language.chain)
        if chain not in self._months:
            by_month: dict[tuple[int, int], list[StoryRow]] = defaultdict(list)
            for row in self.shown_in(language, Section(SITE)):
                by_month[row.date.year, row.date.month].append(row)
            self._months[chain] = dict(by_month)
        return self._months[chain]


def _configured(library: Library, settings: Settings) -> Iterator[Section]:
    """Yield the sections that exist even without news."""
    yield Section(SITE)
    for topic in settings.topics:
        yield Section("topics", topic)
    for project in library.projects.values():
        yield Section("projects", project.id)
        for country in project.countries:
            yield Section("countries", country)
    for programme in sorted({*library.programmes, *settings.programmes}):
        yield Section("programmes", programme)


class SiteIndex:
    """A library as its editions see it at one moment.

    ``lists`` (of what is public at that moment) and ``links`` are made from the library when not given.
    """

    def __init__(
        self,
        library: Library,
        settings: Settings,
        now: datetime,
        lists: StoryLists | None = None,
        links: LinkMap | None = None,
    ) -> None:
        self.lists = lists or StoryLists(select_public(make_rows(library), now), library, settings)
        self.all_content = library
        """Also what is not public."""
        self.library = replace(library, stories=PublicStories(library.stories, self.lists.rows))
        public = PublicStories(library.stories, self.lists.all_rows)
        self.with_withdrawn = replace(library, stories=public)
        """Everything that has a page."""
        self.settings = settings
        self.neighbourhoods = Neighbourhoods(self.lists)
        self.links = links or LinkMap.of(library, settings.links.allow)
        """Where links between texts lead."""

    @property
    def rows(self) -> Mapping[str, StoryRow]:
        """The public stories by their ids, newest first, but for those withdrawn."""
        return self.lists.rows

    @property
    def by_section(self) -> Mapping[Section, Sequence[StoryRow]]:
        """The public stories of every section, newest first."""
        return self.lists.by_section

    @cached_property
    def sitemap(self) -> Sequence[SitemapPart]:
        """The listed pages, file by file of the sitemap."""
        return cut_sitemap(self)

    def shown_text(self, language: Language, content: Content) -> ShownText | None:
        """Return the text of some content that an edition shows; ``None`` when its chain has none."""
        return choose_text(language, content)

    def stories(self, language: Language, section: Section) -> list[ShownText]:
        """Return the stories of a section that an edition can show, newest first, with their texts."""
        return [self.listed_text(language, row) for row in self.lists.shown_in(language, section)]

    def listed_text(self, language: Language, row: StoryRow) -> ShownText:
        """Return the text that an edition shows of a story in its lists."""
        shown = choose_text(language, self.library.stories[row.id])
        assert shown is not None, "only what an edition shows is in its lists"
        return shown

    def page_path(self, lang: str, content: Content, item: Item) -> str:
        """Return the output path of a text's page in an edition."""
        if isinstance(content, Story):
            return urls.story_path(self.settings.site.story_url, lang, content.date, item.slug)
        for name, table in (("projects", self.library.projects), ("programmes", self.library.programmes)):
            if table.get(content.id) is content:
                return Section(name, content.id).live_path(lang)
        return urls.static_page_path(lang, item.slug)

    def is_withdrawn(self, source: str) -> bool:
        """Tell whether a content file is of a story that was withdrawn."""
        kind, key = self.all_content.paths.get(source, ("", ""))
        return kind == "news" and key in self.lists.withdrawn

    def has_page(self, language: Language, section: Section) -> bool:
        """Return whether an edition has a page of this section."""
        if section.name == "projects":
            project = self.library.projects.get(section.key)
            return project is not None and self.shown_text(language, project) is not None
        return section in self.by_section


def choose_text(language: Language, content: Content) -> ShownText | None:
    """Return the text of some content that an edition shows; ``None`` when its chain has none."""
    available = find_first_available(language.chain, content.items)
    if available is None:
        return None
    return ShownText(content, available[1], available[0] != language.code)


def make_rows(library: Library) -> Iterator[StoryRow]:
    """Yield the rows of all stories, newest first."""
    return (make_row(story, library.projects) for story in library.stories.values())


def select_public(rows: Iterable[StoryRow], now: datetime) -> Iterator[StoryRow]:
    """Yield the rows of stories that are public at a moment."""
    return (row for row in rows if row.is_public(now))


LAST = 1_000
"""The place among stories of one moment of those that say none."""


def newest_first_key(row: StoryRow) -> tuple[float, int, str]:
    """Return the key that sorts rows as libraries sort their stories: of one moment, by the editor's order,
    then by id, which a file's name makes.
    """
    return -row.date.timestamp(), row.order or LAST, row.id


def make_row(story: Story, projects: Mapping[str, Project]) -> StoryRow:
    """Make the row of a story; ``projects`` say which programmes it belongs to."""
    return StoryRow(
        story.id,
        story.date,
        story.updated,
        story.expires,
        story.draft,
        {lang: item.slug for lang, item in story.items.items()},
        story.authors,
        story.order,
        story.original,
        story.withdrawn,
        story.origin.title,
        tuple([lang for table in (story.items, story.withheld) for lang in table if table[lang].is_outdated]),
        _sections_of(story, projects),
    )


def _sections_of(story: Story, projects: Mapping[str, Project]) -> tuple[Section, ...]:
    programmes = dict.fromkeys(story.programmes)
    for key in story.projects:
        project = projects.get(key)
        if project is not None and project.programme:
            programmes[project.programme] = None
    sections = [Section(SITE)]
    sections += [Section("topics", key) for key in story.topics]
    sections += [Section("countries", key) for key in story.countries]
    sections += [Section("projects", key) for key in story.projects]
    sections += [Section("programmes", key) for key in programmes]
    keys = dict.fromkeys(urls.make_author_key(name) for name in story.authors)
    sections += [Section("authors", key) for key in keys]
    return tuple(sections)
