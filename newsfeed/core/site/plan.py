"""The library → the plan of the whole site: every artifact as a small value, nothing rendered.

A `PlannedArtifact` has the path of an artifact, the kind of view that fills it, and the id of what it shows.
Views are made from plans by `newsfeed.core.site.pages` and `newsfeed.core.site.feeds`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

from newsfeed.core.content.file_names import check_forms
from newsfeed.core.site import urls
from newsfeed.core.site.artifact import PlannedArtifact
from newsfeed.core.site.cards import plan_card
from newsfeed.core.site.configured_redirects import find_configured_redirect, plan_configured_redirects
from newsfeed.core.site.feed_documents import feed_formats, has_archives
from newsfeed.core.site.issues import plan_issues
from newsfeed.core.site.paging import count_older_pages
from newsfeed.core.site.picture_sizes import (
    MAIL_WIDTH,
    PLAIN_WIDTH,
    find_plain_form,
    list_widths,
    make_size_path,
)
from newsfeed.core.site.redirects import (
    LEADING_ON,
    REDIRECT_FILES,
    contents_with_extra_paths,
    find_file_aliases,
    plan_redirects,
)
from newsfeed.core.site.search import plan_script, plan_search
from newsfeed.core.site.sections import SECTIONS, list_sections
from newsfeed.model import Story
from newsfeed.problems import Location, Problem, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from newsfeed.core.site.index import SiteIndex, StoryRow
    from newsfeed.core.site.sections import Section
    from newsfeed.model import Asset, Content, Library
    from newsfeed.settings import Language


def plan_site(index: SiteIndex) -> list[PlannedArtifact]:
    """Plan every artifact of the site, in the order of its path."""
    planned: list[PlannedArtifact] = []
    for language in index.settings.editions:
        planned += _sections(index, language)
        planned += plan_indexes(index, language, SECTIONS)
        planned += _texts(index, language)
        planned += plan_archive(index, language)
        planned += plan_search(index, language)
        planned += plan_issues(index.settings, language.code)
        planned += _edition(language)
    planned += plan_assets(contents_with_extra_paths(index.library), index.library.assets)
    planned += [
        PlannedArtifact("index.html", "entrance", index.settings.site.default_language),
        PlannedArtifact("404.html", "not-found", index.settings.site.default_language),
        PlannedArtifact("robots.txt", "robots"),
        PlannedArtifact("style.css", "stylesheet"),
    ]
    planned += _brand_files(index)
    planned += plan_script(index)
    planned += _sitemaps(len(index.sitemap))
    planned += _redirects(index, planned)
    return sorted(planned, key=lambda artifact: artifact.path)


def find_path_clashes(index: SiteIndex, planned: Sequence[PlannedArtifact]) -> list[Problem]:
    """Report artifacts at one address, or at two that not every file system tells apart."""
    taken: dict[str, PlannedArtifact] = {}
    problems = []
    for artifact in planned:
        first = taken.setdefault(_folded(artifact.path), artifact)
        if first.path != artifact.path:
            # An alias can go elsewhere, so it is the one that is told.
            pair = sorted((artifact, first), key=lambda one: one.kind not in LEADING_ON)
            where = _place(index, pair[0]) or _place(index, pair[1]) or Location("config.toml")
            problems.append(
                check_forms(where, artifact.path, first.path)
                or problem("path-alike", where, value=artifact.path, other=first.path)
            )
        elif first is not artifact and not first.kind == artifact.kind == "text-file":  # told of their pages
            texts = [path for path in (_source(index, first), _source(index, artifact)) if path]
            value, other = "/" + urls.encode_path(artifact.path), texts[0] if len(texts) > 1 else "newsfeed"
            where = Location(texts[-1] if texts else "config.toml")
            problems.append(problem("url-duplicate", where, value=value, other=other))
    return problems


def _folded(path: str) -> str:
    """Return a path as a file system sees it that knows no capitals and one form of each letter."""
    if path.isascii():
        return path.lower()
    return normalize("NFC", normalize("NFC", path).casefold())


def _place(index: SiteIndex, planned: PlannedArtifact) -> Location | None:
    """Return where an artifact's address is said: at its alias, or in the file it is made from."""
    source = _source(index, planned)
    if planned.kind == "redirect":
        aliases = find_file_aliases(index.with_withdrawn, source)
        alias = next((redirect for redirect in aliases if redirect.path == planned.path), None)
        if alias is not None:
            return Location(source, alias.line, alias.column)
    if planned.kind in LEADING_ON:
        return find_configured_redirect(index.settings, planned.path)
    return Location(source) if source else None


def _source(index: SiteIndex, planned: PlannedArtifact) -> str:
    """Return the content file an artifact is made from; of an asset one that shows it; empty without one."""
    if planned.kind in ("asset", "picture"):
        return find_shower(index.library, planned.key)
    if planned.kind == "redirect":
        return planned.key
    stories, pages = index.with_withdrawn.stories, index.library.pages
    tables: Mapping[str, Mapping[str, Content]] = {"story": stories, "text-file": stories, "static": pages}
    tables = {**tables, "withdrawn": stories}
    content = tables.get(planned.kind, {}).get(planned.key)
    shown = index.shown_text(index.settings.languages[planned.lang], content) if content else None
    return shown.item.path if shown else ""


def _redirects(index: SiteIndex, planned: Sequence[PlannedArtifact]) -> Iterator[PlannedArtifact]:
    """Yield a page for every old address, and the files that tell servers of all of them."""
    maps = [PlannedArtifact(path, "redirects", form=server) for server, path in REDIRECT_FILES.items()]
    others = [*planned, *maps]
    redirects = [
        PlannedArtifact(redirect.path, "redirect", redirect.lang, redirect.source)
        for redirect in plan_redirects(index, others)
    ]
    redirects += plan_configured_redirects(index, [*others, *redirects])
    if redirects:
        yield from (*redirects, *maps)


def _brand_files(index: SiteIndex) -> Iterator[PlannedArtifact]:
    """Yield the pictures of the brand; two that are the same are one."""
    for path, source in {one.output: one.path for one in index.settings.brand.pictures}.items():
        yield PlannedArtifact(path, "asset", key=source)


def _sitemaps(parts: int) -> Iterator[PlannedArtifact]:
    yield PlannedArtifact(urls.sitemap_path(), "sitemap" if parts == 1 else "sitemap-index")
    for number in range(1, parts + 1) if parts > 1 else ():
        yield PlannedArtifact(urls.sitemap_path(number), "sitemap", number=number)


def _edition(language: Language) -> Iterator[PlannedArtifact]:
    yield from plan_feed_lists(language)
    yield PlannedArtifact(f"{language.code}/404.html", "not-found", language.code)


def plan_feed_lists(language: Language) -> Iterator[PlannedArtifact]:
    """Yield the two lists of all feeds of an edition: a page, and a file for feed readers."""
    yield PlannedArtifact(urls.feed_list_path(language.code), "feed-list", language.code)
    yield PlannedArtifact(urls.opml_path(language.code), "opml", language.code)


def _sections(index: SiteIndex, language: Language) -> Iterator[PlannedArtifact]:
    for section in index.by_section:
        if index.has_page(language, section):
            yield from plan_whole_section(index, language, section)


def plan_whole_section(index: SiteIndex, language: Language, section: Section) -> Iterator[PlannedArtifact]:
    """Yield everything that is about a section: its pages and feeds, and the page that explains these."""
    yield from plan_section(index, language, section)
    path = urls.about_feed_path(section.folder(language.code))
    yield PlannedArtifact(path, "about-feed", language.code, section.key, section.name)


def plan_indexes(index: SiteIndex, language: Language, names: Iterable[str]) -> Iterator[PlannedArtifact]:
    """Yield the pages that name all sections of these kinds, of those that the edition has."""
    for name in names:
        if list_sections(index, language, name):
            path = urls.index_path(language.code, name)
            yield PlannedArtifact(path, "index", language.code, section=name)


def plan_section(
    index: SiteIndex,
    language: Language,
    section: Section,
    among: Callable[[int, bool, bool], Iterable[int]] | None = None,
) -> Iterator[PlannedArtifact]:
    """Yield the pages and feeds that list a section's stories.

    ``among``: (stories on each page, whether older ones are on numbered pages, whether it is of a feed) → the
    numbers of the pages that are wanted, when not all are.
    """
    lang, settings = language.code, index.settings
    folder = section.folder(language.code)
    kind = "dossier" if section.name in ("projects", "programmes") else "list"
    live = f"{folder}/{urls.INDEX}"

    def numbers(size: int, is_numbered: bool, is_feed: bool) -> Iterable[int]:
        if among:
            return among(size, is_numbered, is_feed)
        length = len((index.lists.fed_in if is_feed else index.lists.shown_in)(language, section))
        return range(count_older_pages(length, size) + 1 if is_numbered else 1)

    for number in numbers(settings.lists.items, True, False):
        path = urls.numbered_path(live, number) if number else live
        yield PlannedArtifact(path, kind, lang, section.key, section.name, number)
    for number in numbers(settings.feeds.items, has_archives(settings.feeds, section), True):
        for form in feed_formats(settings.feeds, section):
            path = urls.feed_path(folder, form, number)
            yield PlannedArtifact(path, "feed", lang, section.key, section.name, number, form)


def _texts(index: SiteIndex, language: Language) -> Iterator[PlannedArtifact]:
    lang = language.code
    for row in index.lists.all_rows.values():
        yield from plan_story(index, language, row)
    for content in index.library.pages.values():
        shown = index.shown_text(language, content)
        if shown is not None:
            yield PlannedArtifact(index.page_path(lang, content, shown.item), "static", lang, content.id)


def plan_story(index: SiteIndex, language: Language, row: StoryRow) -> Iterator[PlannedArtifact]:
    """Yield a story's page in an edition; where it has a text of its own, that and a card beside it. Of one
    that was withdrawn it is the page that says so.
    """
    page = row.page(language)
    if page is not None and row.withdrawn is not None:
        yield PlannedArtifact(page[0], "withdrawn", language.code, row.id)
    elif page is not None:
        yield PlannedArtifact(page[0], "story", language.code, row.id)
        if index.settings.output.markdown and not page[1]:
            yield PlannedArtifact(urls.text_file_path(page[0]), "text-file", language.code, row.id)
        if not page[1]:
            yield from plan_card(index, language.code, row.id, page[0])


def plan_archive(
    index: SiteIndex, language: Language, wanted: Collection[tuple[int, int]] | None = None
) -> Iterator[PlannedArtifact]:
    """Yield the pages of the archive: all years, each of them, each month.

    ``wanted``: only these (year, month), and the pages that lead to them.
    """
    lang, months = language.code, sorted(index.lists.months(language))
    years = {
        year for year, _ in months if wanted is None or year in {wanted_year for wanted_year, _ in wanted}
    }
    yield PlannedArtifact(urls.archive_path(lang), "archive", lang)
    for year in sorted(years):
        yield PlannedArtifact(urls.archive_path(lang, year), "archive", lang, str(year))
    for year, month in months:
        if wanted is not None and (year, month) not in wanted:
            continue
        yield PlannedArtifact(urls.archive_path(lang, year, month), "month", lang, f"{year}-{month:02}")


def find_shower(library: Library, asset: str) -> str:
    """Return the path of a text that shows an asset."""
    for content in contents_with_extra_paths(library):
        if asset in content.assets:
            return next(item.path for item in content.items.values())
    return ""


def plan_assets(contents: Iterable[Content], assets: Mapping[str, Asset]) -> Iterator[PlannedArtifact]:
    """Yield the files that some texts publish, and pictures in other sizes and forms."""
    published = {
        path: (source, isinstance(content, Story) and source == content.image)
        for content in contents
        for source, path in content.assets.items()
    }
    for path, (source, is_mailed) in published.items():
        yield PlannedArtifact(path, "asset", key=source)
        yield from _sizes(path, source, assets[source], is_mailed=is_mailed)


def _sizes(path: str, source: str, asset: Asset, *, is_mailed: bool) -> Iterator[PlannedArtifact]:
    for width in list_widths(asset):
        yield PlannedArtifact(make_size_path(path, asset, width), "picture", key=source, number=width)
    for most in (PLAIN_WIDTH, MAIL_WIDTH) if is_mailed else (PLAIN_WIDTH,):
        plain, width, _ = find_plain_form(path, asset, most)
        if plain != path:
            yield PlannedArtifact(plain, "picture", key=source, number=width, form=asset.plain_ending)
