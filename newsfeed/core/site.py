"""The library → the plan of the whole site: every artifact as a small value, nothing rendered.

A `Planned` says where an artifact lies, what kind of view fills it, and by id and fingerprint
what it shows. Views are made from plans by `core.pages` and `core.feeds`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

from newsfeed.core import urls
from newsfeed.core.paging import cut
from newsfeed.core.planned import Planned
from newsfeed.core.redirects import MAPS, redirects
from newsfeed.core.sitemap_parts import sitemap_parts
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsfeed.core.index import Index, Section, Shown
    from newsfeed.model import Content, Library
    from newsfeed.settings import Language


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
    planned += _sitemaps(len(sitemap_parts(index)))
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
