"""The library → the plan of the whole site: every artifact as a small value, nothing rendered.

A `Planned` says where an artifact lies, what kind of view fills it, and by id and fingerprint
what it shows. Views are made from plans by `core.pages` and `core.feeds`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING
from unicodedata import normalize

from newsfeed.core import urls
from newsfeed.core.languages import first_available
from newsfeed.core.paging import cut
from newsfeed.core.redirects import MAPS, redirects
from newsfeed.core.sitemap_parts import sitemap_parts
from newsfeed.model import Content, Item, Library, Story
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from newsfeed.settings import Language, Settings

SITE = ""
"""Name of the section that holds everything."""
SECTIONS = ("topics", "countries", "projects", "programmes", "authors")
_FOUND_IN_STORIES = ("countries", "authors")
"""Sections that nothing but a story makes; of the others an unknown one is a problem, not a page."""


@dataclass(frozen=True, slots=True)
class Section:
    """A list of stories with a page and feeds: the whole site, a topic or a country."""

    name: str
    """One of `SECTIONS`, or `SITE`."""
    key: str = ""

    def folder(self, lang: str) -> str:
        """The output folder of this section in an edition."""
        return f"{lang}/{self.name}/{self.key.lower()}" if self.name else lang


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as an edition shows it: in its language, or in one that stands in."""

    content: Content
    item: Item
    is_fallback: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """One artifact of the site, before anything is rendered."""

    path: str
    kind: str
    """What makes it: a kind of page (`newsfeed.core.pages.MAKERS`), or ``feed``, ``opml``,
    ``sitemap``, ``sitemap-index``, ``robots``, ``stylesheet``, ``asset``, ``redirects``.
    """
    lang: str = ""
    key: str = ""
    """What it is about: a story's id, a section's key, a year, a source path."""
    section: str = ""
    number: int = 0
    form: str = ""
    """Feed format; the server that redirects are for."""
    shows: tuple[str, ...] = ()
    """``id:language:fingerprint`` of every text it shows, in order."""


class Index:
    """A library as its editions see it: what is public now, by section. Built once per run."""

    def __init__(self, library: Library, settings: Settings, now: datetime) -> None:
        self.library = public(library, now)
        self.settings = settings
        self._stories: dict[tuple[str, Section], list[Shown]] = {}
        self._months: dict[str, dict[tuple[int, int], list[Shown]]] = {}

    @cached_property
    def by_section(self) -> Mapping[Section, Sequence[Story]]:
        """The public stories of every section, newest first."""
        found: dict[Section, list[Story]] = defaultdict(list)
        for section in self._configured():
            found[section] = []
        for story in self.library.stories.values():
            for section in self._sections_of(story):
                if section in found or section.name in _FOUND_IN_STORIES:
                    found[section].append(story)
        return found

    def shown(self, language: Language, content: Content) -> Shown | None:
        """A text as an edition shows it; ``None`` when no language of its chain has it."""
        found = first_available(language.chain, content.items)
        if found is None:
            return None
        return Shown(content, found[1], found[0] != language.code)

    def stories(self, language: Language, section: Section) -> Sequence[Shown]:
        """The stories of a section that an edition can show, newest first."""
        key = (language.code, section)
        if key not in self._stories:
            found = (self.shown(language, story) for story in self.by_section.get(section, ()))
            self._stories[key] = [one for one in found if one is not None]
        return self._stories[key]

    def months(self, language: Language) -> Mapping[tuple[int, int], Sequence[Shown]]:
        """The stories an edition can show by (year, month), newest first in each."""
        if language.code not in self._months:
            found: dict[tuple[int, int], list[Shown]] = defaultdict(list)
            for shown in self.stories(language, Section(SITE)):
                assert isinstance(shown.content, Story)
                found[shown.content.date.year, shown.content.date.month].append(shown)
            self._months[language.code] = dict(found)
        return self._months[language.code]

    def path_of(self, lang: str, content: Content, item: Item) -> str:
        """The page of a text in an edition."""
        if isinstance(content, Story):
            return urls.story(lang, content, item.slug)
        for name, table in (("projects", self.library.projects), ("programmes", self.library.programmes)):
            if table.get(content.id) is content:
                return urls.section(lang, name, content.id)
        return urls.static_page(lang, item.slug)

    def has_page(self, language: Language, section: Section) -> bool:
        """Whether an edition has a page of this section."""
        if section.name == "projects":
            project = self.library.projects.get(section.key)
            return project is not None and self.shown(language, project) is not None
        return section in self.by_section

    def _configured(self) -> Iterator[Section]:
        """Sections that exist even without news."""
        yield Section(SITE)
        for topic in self.settings.topics:
            yield Section("topics", topic)
        for project in self.library.projects.values():
            yield Section("projects", project.id)
            for country in project.countries:
                yield Section("countries", country)
        for programme in sorted({*self.library.programmes, *self.settings.programmes}):
            yield Section("programmes", programme)

    def _sections_of(self, story: Story) -> list[Section]:
        programmes = dict.fromkeys(story.programmes)
        for key in story.projects:
            project = self.library.projects.get(key)
            if project is not None and project.programme:
                programmes[project.programme] = None
        sections = [Section(SITE)]
        sections += [Section("topics", key) for key in story.topics]
        sections += [Section("countries", key) for key in story.countries]
        sections += [Section("projects", key) for key in story.projects]
        sections += [Section("programmes", key) for key in programmes]
        keys = dict.fromkeys(urls.author_key(name) for name in story.authors)
        sections += [Section("authors", key) for key in keys]
        return sections


def public(library: Library, now: datetime) -> Library:
    """The library without drafts, without what is not due yet, and without what has expired."""
    stories = {
        key: story
        for key, story in library.stories.items()
        if not story.draft and story.date <= now and (story.expires is None or now < story.expires)
    }
    return replace(library, stories=stories)


def plan(index: Index) -> list[Planned]:
    """Every artifact of the site, in the order of its path."""
    planned: list[Planned] = []
    for language in index.settings.editions:
        planned += _sections(index, language)
        planned += _texts(index, language)
        planned += _archive(index, language)
        planned += _edition(language)
    planned += _assets(index)
    planned += [
        Planned("index.html", "entrance", index.settings.site.default_language),
        Planned("404.html", "not-found", index.settings.site.default_language),
        Planned("robots.txt", "robots"),
        Planned("style.css", "stylesheet"),
    ]
    planned += _sitemaps(len(sitemap_parts(index, planned)))
    planned += _redirects(index, planned)
    return sorted(planned, key=lambda one: one.path)


def clashes(index: Index, planned: Sequence[Planned]) -> list[Problem]:
    """Artifacts that would lie at one address, as when a page is called like a list; or at two that
    not every file system tells apart.
    """
    taken: dict[str, Planned] = {}
    found = []
    for one in planned:
        first = taken.setdefault(_folded(one.path), one)
        if first.path != one.path:
            where = Location(_source(index, one) or _source(index, first) or "config.toml")
            found.append(problem("path-alike", where, value=one.path, other=first.path))
        elif first is not one:
            texts = [path for path in (_source(index, first), _source(index, one)) if path]
            value, other = "/" + urls.address(one.path), texts[0] if len(texts) > 1 else "newsfeed"
            where = Location(texts[-1] if texts else "config.toml")
            found.append(problem("url-duplicate", where, value=value, other=other))
    return found


def _folded(path: str) -> str:
    """A path as a file system sees it that knows no capitals and one form of each letter."""
    if path.isascii():
        return path.lower()
    return normalize("NFC", normalize("NFC", path).casefold())


def _source(index: Index, planned: Planned) -> str:
    """The content file an artifact is made from, if it is one file; of an asset, one that shows it."""
    if planned.kind == "asset":
        return _shower(index.library, planned.key)
    if planned.kind == "redirect":
        return planned.key
    table: Mapping[str, Content] = {"story": index.library.stories, "static": index.library.pages}.get(
        planned.kind, {}
    )
    content = table.get(planned.key)
    shown = index.shown(index.settings.languages[planned.lang], content) if content else None
    return shown.item.path if shown else ""


def _redirects(index: Index, planned: Sequence[Planned]) -> Iterator[Planned]:
    """A page for every alias, and what tells servers of all of them."""
    found = redirects(index, planned)
    for one in found:
        yield Planned(one.path, "redirect", one.lang, one.source)
    if found:
        yield from (Planned(path, "redirects", form=server) for server, path in MAPS.items())


def _sitemaps(parts: int) -> Iterator[Planned]:
    yield Planned(urls.sitemap(), "sitemap" if parts == 1 else "sitemap-index")
    for number in range(1, parts + 1) if parts > 1 else ():
        yield Planned(urls.sitemap(number), "sitemap", number=number)


def _edition(language: Language) -> Iterator[Planned]:
    lang = language.code
    yield Planned(urls.feed_list(lang), "feed-list", lang)
    yield Planned(urls.opml(lang), "opml", lang)
    yield Planned(f"{lang}/404.html", "not-found", lang)


def _sections(index: Index, language: Language) -> Iterator[Planned]:
    for section in index.by_section:
        if index.has_page(language, section):
            yield from _section(index, language, section)


def _section(index: Index, language: Language, section: Section) -> Iterator[Planned]:
    lang, settings = language.code, index.settings
    stories = index.stories(language, section)
    folder = section.folder(lang)
    kind = "dossier" if section.name in ("projects", "programmes") else "list"
    pages = cut(stories, settings.lists.items)
    live = f"{folder}/{urls.INDEX}"
    yield Planned(live, kind, lang, section.key, section.name, shows=_names(pages.live))
    for number, older in enumerate(pages.older, 1):
        path = urls.numbered(live, number)
        yield Planned(path, kind, lang, section.key, section.name, number, shows=_names(older))
    feeds = cut(stories, settings.feeds.items)
    for number, some in enumerate((feeds.live, *feeds.older)):
        names = _names(some)
        for form in settings.feeds.formats:
            path = urls.feed(folder, form, number)
            yield Planned(path, "feed", lang, section.key, section.name, number, form, names)
    yield Planned(urls.about_feed(folder), "about-feed", lang, section.key, section.name)


def _texts(index: Index, language: Language) -> Iterator[Planned]:
    library, lang = index.library, language.code
    for kind, contents in (("story", library.stories), ("static", library.pages)):
        for content in contents.values():
            shown = index.shown(language, content)
            if shown is not None:
                path = index.path_of(lang, content, shown.item)
                yield Planned(path, kind, lang, content.id, shows=_names([shown]))


def _archive(index: Index, language: Language) -> Iterator[Planned]:
    lang = language.code
    months = index.months(language)
    yield Planned(urls.archive(lang), "archive", lang, shows=_counts(months))
    for year in sorted({year for year, _ in months}):
        in_year = {key: value for key, value in months.items() if key[0] == year}
        yield Planned(urls.archive(lang, year), "archive", lang, str(year), shows=_counts(in_year))
        for (_, month), stories in sorted(in_year.items()):
            path = urls.archive(lang, year, month)
            yield Planned(path, "month", lang, f"{year}-{month:02}", shows=_names(stories))


def _shower(library: Library, asset: str) -> str:
    """A text that shows an asset."""
    for table in _tables(library):
        for content in table.values():
            if asset in content.assets:
                return next(item.path for item in content.items.values())
    return ""


def _tables(library: Library) -> Iterator[Mapping[str, Content]]:
    yield from (library.stories, library.projects, library.programmes, library.pages)


def _assets(index: Index) -> Iterator[Planned]:
    published: dict[str, str] = {}
    for table in _tables(index.library):
        for content in table.values():
            for source, path in content.assets.items():
                published[path] = source
    for path, source in published.items():
        yield Planned(path, "asset", key=source)


def _names(stories: Sequence[Shown]) -> tuple[str, ...]:
    return tuple(f"{one.content.id}:{one.item.lang}:{one.item.fingerprint}" for one in stories)


def _counts(months: Mapping[tuple[int, int], Sequence[Shown]]) -> tuple[str, ...]:
    return tuple(f"{year}-{month:02}:{len(stories)}" for (year, month), stories in sorted(months.items()))
