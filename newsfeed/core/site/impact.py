"""Tell which artifacts a few changed stories touch.

A story stands on its own pages and on those of its neighbours, in the lists and feeds of its sections, which
are named with their numbers of stories, in its month and year, and in the sitemap. The first story of an
author or a country brings a section along, and the last one takes it away. The clock changes stories, too:
one that comes due or expires appears or goes as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.artifact import PlannedArtifact
from newsfeed.core.site.configured_redirects import plan_moved_feeds
from newsfeed.core.site.index import choose_text
from newsfeed.core.site.issues import plan_issues_with
from newsfeed.core.site.paging import count_older_pages
from newsfeed.core.site.plan import (
    plan_archive,
    plan_assets,
    plan_feed_lists,
    plan_indexes,
    plan_section,
    plan_story,
    plan_whole_section,
)
from newsfeed.core.site.search import find_touched_parts
from newsfeed.core.site.sections import NAMED_AT_HOME, SITE, Section

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from newsfeed.core.site.index import SiteIndex, StoryRow
    from newsfeed.model import Story
    from newsfeed.settings import Language


@dataclass(frozen=True, slots=True)
class Change:
    """One story before and after; ``None`` where there is none."""

    before: Story | None
    after: Story | None
    is_relinked: bool = False
    """Links in its texts lead elsewhere than before, or nowhere."""

    @property
    def is_unedited(self) -> bool:
        """Tell whether its files are unchanged, so that only the clock can have changed what is public."""
        return self.before is self.after

    @property
    def id(self) -> str:
        """The story's id."""
        story = self.after or self.before
        assert story is not None
        return story.id

    def is_seen_in(self, language: Language) -> bool:
        """Return whether an edition shows other facts or another text than before."""
        if self.before is None or self.after is None or self.is_relinked:
            return True
        if self.is_unedited:
            return False
        if _facts(self.before) != _facts(self.after):
            return True
        before, after = choose_text(language, self.before), choose_text(language, self.after)
        return (before and before.item) != (after and after.item)

    def is_retitled_in(self, language: Language) -> bool:
        """Return whether an edition shows another title than before."""
        if self.before is None or self.after is None or self.is_unedited:
            return False
        before, after = choose_text(language, self.before), choose_text(language, self.after)
        return (before and before.item.title) != (after and after.item.title)


def _facts(story: Story) -> str:
    """Write the facts that all texts of a story share, to compare them.

    In words, because two moments of one zone compare as equal when the clock shows the same, also in the
    hour that it shows twice.
    """
    return repr(replace(story, items={}))


def find_affected_artifacts(
    changes: Sequence[Change], index: SiteIndex, other: SiteIndex, texts: Collection[tuple[str, str]] = ()
) -> Iterator[PlannedArtifact]:
    """Return the artifacts of a site (``index``) that are not as they were, or will be, in ``other``.

    ``texts``: what is no story, as (kind, id), and whose links lead elsewhere than before.
    """
    keys = {change.id for change in changes}
    listed = {key for key in keys if _listing(index, key) != _listing(other, key)}
    fed = {key for key in keys if _addresses(index, key) != _addresses(other, key)}
    shifted = index.lists.shifted(other.lists)
    only_linking = (
        {change.id for change in changes if change.is_relinked and change.is_unedited} - listed - shifted
    )
    rewithdrawn = _rewithdrawn(index, other)
    for language in index.settings.editions:
        seen = {change.id for change in changes if change.is_seen_in(language)}
        shown = seen | listed | fed
        named = listed | {change.id for change in changes if change.is_retitled_in(language)}
        yield from _edition(shown | shifted, listed, index, other, language, only_linking)
        yield from _other_sections(index, other, language)
        yield from _archive((shown | shifted) - only_linking, named, index, other, language)
        yield from _neighbours(named, index, other, language)
        yield from find_touched_parts(shown - only_linking, index, other, language)
        yield from _pages_of_texts(texts, index, language)
        yield from plan_issues_with(rewithdrawn, index, language)
    stories = [index.library.stories[key] for key in sorted(keys & index.rows.keys())]
    yield from plan_assets(stories, index.library.assets)
    if index.settings.redirects:
        yield from plan_moved_feeds(index, _live_feeds(index))
    if listed:
        yield from _sitemaps(index, other)


def _rewithdrawn(index: SiteIndex, other: SiteIndex) -> set[str]:
    """Return the stories that are withdrawn in one of two states, or in both with other words or dates."""
    here, there = index.lists.withdrawn, other.lists.withdrawn
    return {key for key in here.keys() | there.keys() if repr(here.get(key)) != repr(there.get(key))}


def _live_feeds(index: SiteIndex) -> list[PlannedArtifact]:
    """Return the newest document of every feed."""
    return [
        artifact
        for language in index.settings.editions
        for section in index.by_section
        if index.has_page(language, section)
        for artifact in plan_section(index, language, section, lambda *_: (0,))
        if artifact.kind == "feed"
    ]


def _edition(
    keys: AbstractSet[str],
    listed: Collection[str],
    index: SiteIndex,
    other: SiteIndex,
    language: Language,
    only_linking: AbstractSet[str],
) -> Iterator[PlannedArtifact]:
    """Return the artifacts of an edition that show some stories.

    only_linking: of these only links in their texts have changed, which lists and archives do not show.
    """
    fed = [row for key in keys for site in (index, other) if (row := site.lists.all_rows.get(key))]
    in_lists = _rows(keys - only_linking, index, other)
    in_lists_of = {section for row in in_lists for section in row.sections}
    for section in dict.fromkeys(section for row in fed for section in row.sections):
        if not index.has_page(language, section):
            continue
        numbers = _Numbers(keys, index, other, language, section).among
        lists = feeds = list(plan_section(index, language, section, numbers))
        if section in in_lists_of:
            if only_linking:
                numbers = _Numbers(keys - only_linking, index, other, language, section).among
                lists = list(plan_section(index, language, section, numbers))
            yield from (page for page in lists if page.kind != "feed")
        yield from (feed for feed in feeds if feed.kind == "feed")
    names = {section.name for row in _rows(listed, index, other) for section in row.sections} - {SITE}
    yield from plan_indexes(index, language, sorted(names))
    for key in sorted(index.lists.all_rows.keys() & keys):
        yield from plan_story(index, language, index.lists.all_rows[key])


def _other_sections(index: SiteIndex, other: SiteIndex, language: Language) -> Iterator[PlannedArtifact]:
    """Return what an edition has of sections that the other site has not, and where sections are named that
    only one of the two has.
    """
    for section in index.by_section.keys() - other.by_section.keys():
        if index.has_page(language, section):
            yield from plan_whole_section(index, language, section)
    names = {section.name for section in index.by_section.keys() ^ other.by_section.keys()}
    if names:
        yield from plan_indexes(index, language, sorted(names))
        yield from plan_feed_lists(language)
    if not names.isdisjoint(NAMED_AT_HOME):
        home = plan_section(index, language, Section(SITE), lambda *_: (0,))
        yield from (page for page in home if page.kind != "feed")


def _archive(
    keys: AbstractSet[str],
    named: Collection[str],
    index: SiteIndex,
    other: SiteIndex,
    language: Language,
) -> Iterator[PlannedArtifact]:
    """Return the pages of the archive that show some stories; years only name them."""
    wanted = {(row.date.year, row.date.month) for row in _rows(keys, index, other)}
    yield from (page for page in plan_archive(index, language, wanted) if named or page.kind == "month")


def _neighbours(
    keys: AbstractSet[str], index: SiteIndex, other: SiteIndex, language: Language
) -> Iterator[PlannedArtifact]:
    """Return the pages of stories that lead on to others than before, or to one that is named otherwise.

    keys: of the stories that came, went, moved, or have another title.
    """
    near = {
        row.id
        for site in (index, other)
        for key in keys & site.rows.keys()
        for row in site.neighbourhoods.leading_to(language, site.rows[key])
    }
    for key in sorted(near & index.rows.keys() & other.rows.keys()):
        ours, theirs = (site.neighbourhoods.around(language, site.rows[key]).ids for site in (index, other))
        page = index.rows[key].page(language)
        if page is not None and (ours != theirs or not keys.isdisjoint(ours)):
            yield PlannedArtifact(page[0], "story", language.code, key)


def _rows(keys: Iterable[str], index: SiteIndex, other: SiteIndex) -> list[StoryRow]:
    """Return the rows of stories on both sites."""
    return [row for key in keys for site in (index, other) if (row := site.rows.get(key)) is not None]


def _pages_of_texts(
    texts: Iterable[tuple[str, str]], index: SiteIndex, language: Language
) -> Iterator[PlannedArtifact]:
    """Return the pages on which an edition shows projects, programmes and static pages."""
    for kind, key in sorted(texts):
        section = Section(kind, key)
        if kind == "pages":
            shown = index.shown_text(language, index.library.pages[key])
            if shown is not None:
                path = index.page_path(language.code, shown.content, shown.item)
                yield PlannedArtifact(path, "static", language.code, key)
        elif kind in ("projects", "programmes") and index.has_page(language, section):
            yield PlannedArtifact(section.live_path(language.code), "dossier", language.code, key, kind)


class _Numbers:
    """Finds the documents of a list that show changed stories, or other stories or neighbours than before."""

    def __init__(
        self, keys: Collection[str], index: SiteIndex, other: SiteIndex, language: Language, section: Section
    ) -> None:
        pages, feeds = (
            [find(language, section) for find in both]
            for both in (
                (index.lists.shown_in, other.lists.shown_in),
                (index.lists.fed_in, other.lists.fed_in),
            )
        )
        self._in_pages = self._in_feeds = _Compared(keys, *pages)
        if any(page is not feed for page, feed in zip(pages, feeds, strict=True)):
            self._in_feeds = _Compared(keys, *feeds)

    def among(self, size: int, is_numbered: bool, is_feed: bool) -> list[int]:
        """Return the numbers of the documents when so many stories are in each; 0 is the live one.

        is_numbered: older stories are in numbered documents, and not left out.
        """
        return (self._in_feeds if is_feed else self._in_pages).among(size, is_numbered)


class _Compared:
    """One list of stories on both sites."""

    def __init__(self, keys: Collection[str], ours: Sequence[StoryRow], theirs: Sequence[StoryRow]) -> None:
        self._length, self._length_there = len(ours), len(theirs)
        self._places = [self._length - 1 - place for place, row in enumerate(ours) if row.id in keys]
        self._moved = self._length if ours is theirs else _agree(ours, theirs)
        self._are_listed_alike = partial(_are_alike, ours, theirs)

    def among(self, size: int, is_numbered: bool) -> list[int]:
        """Return the numbers of the documents that differ, as `_Numbers.among` does."""
        if not is_numbered:
            has_all, had_all = self._length <= size, self._length_there <= size
            is_shown = any(place >= self._length - size for place in self._places)
            return [0] if is_shown or has_all != had_all or not self._are_listed_alike(size) else []
        last, last_there = (count_older_pages(length, size) for length in (self._length, self._length_there))
        found = {place // size + 1 for place in self._places}
        if self._length != self._length_there or self._moved < self._length:
            found |= {0, *range(self._moved // size + 1, last + 1)}
        if (
            last != last_there
        ):  # some were cut from the live one, or are no more; and one has another neighbour
            found |= {0, *range(min(last, last_there), max(last, last_there) + 1)}
        return sorted({number if number <= last else 0 for number in found})


def _are_alike(ours: Sequence[StoryRow], theirs: Sequence[StoryRow], size: int) -> bool:
    """Return whether the newest stories, so many of them, are the same."""
    return [row.id for row in ours[:size]] == [row.id for row in theirs[:size]]


def _agree(ours: Sequence[StoryRow], theirs: Sequence[StoryRow]) -> int:
    """Return how many stories are the same, counted from the oldest."""
    pairs = enumerate(zip(reversed(ours), reversed(theirs), strict=False))
    return next((number for number, (row, other) in pairs if row.id != other.id), min(len(ours), len(theirs)))


def _sitemaps(index: SiteIndex, other: SiteIndex) -> Iterator[PlannedArtifact]:
    """Return the parts of the sitemap that have other pages, or other dates of them."""
    ours, theirs = index.sitemap, other.sitemap
    if len(ours) == 1:
        yield PlannedArtifact(urls.sitemap_path(), "sitemap")
        return
    yield PlannedArtifact(urls.sitemap_path(), "sitemap-index")
    for number, part in enumerate(ours, 1):
        same = number <= len(theirs) and part.stories == theirs[number - 1].stories
        if not same or part.others or len(theirs) == 1:
            yield PlannedArtifact(urls.sitemap_path(number), "sitemap", number=number)


def _listing(index: SiteIndex, key: str) -> object:
    """Return the part of a story that lists, counts and addresses are made from."""
    row = index.rows.get(key)
    return row and repr((row.date, row.updated, row.slugs, row.sections, row.order))


def _addresses(index: SiteIndex, key: str) -> object:
    """Return the addresses of a story's pages, also of one withdrawn: each leads to all others."""
    row = index.lists.all_rows.get(key)
    return row and repr(row.slugs)
