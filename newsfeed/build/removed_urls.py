"""Find what the last build published and the next one would not: to be told, and led on by aliases."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from newsfeed.build.manifest import read_manifest
from newsfeed.config.site_layout import CONFIG
from newsfeed.core.content.alias_edits import add_aliases, format_alias_line
from newsfeed.core.content.aliases import format_alias
from newsfeed.core.site.redirects import find_file_aliases
from newsfeed.core.site.removed_feeds import find_removed_feeds
from newsfeed.core.site.removed_pages import (
    PublishedPage,
    PublishedSite,
    find_altered_ids,
    find_lost_translations,
    find_published_page,
    find_removed_pages,
    select_remembered_pages,
)
from newsfeed.core.site.urls import encode_path
from newsfeed.marking import N_
from newsfeed.problems import Location, Problem, Severity, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import SiteIndex
    from newsfeed.core.site.removed_feeds import RemovedFeeds
    from newsfeed.core.site.removed_pages import LostTranslation, RemovedPage
    from newsfeed.model import Library


@dataclass(frozen=True, slots=True)
class Edit:
    """A content file that gets aliases."""

    before: bytes
    after: bytes | None
    """``None``: nobody can tell where they belong."""
    line: str
    """The line with all aliases of the file."""


@dataclass(frozen=True, slots=True)
class RemovedUrls:
    """The pages of a published site that a new plan of it does not have."""

    base_url: str
    found: Sequence[RemovedPage]
    edits: Mapping[str, Edit]
    """Content file → what becomes of it, so that its old addresses lead to it."""
    notes: Mapping[str, str]
    """Path → note for the manifest of the new site, of pages that it does not have."""
    feeds: Sequence[RemovedFeeds] = ()
    lost: Sequence[LostTranslation] = ()
    altered: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Content file → (id its story was published with, id it has now)."""

    def problems(self) -> list[Problem]:
        """Return what is to be said about pages and feeds that vanish: one line for each text."""
        texts: dict[tuple[str, str], list[RemovedPage]] = defaultdict(list)
        for one in self.found:
            if not one.source and one.last:
                texts[one.last, one.reason].append(one)
        return [
            *(self._problem(one) for one in self.found if one.source or not one.last),
            *(self._text_problem(pages) for pages in texts.values()),
            *map(self._lost_problem, self.lost),
            *(
                _as_warning(problem("id-altered", Location(path), value=old, other=new))
                for path, (old, new) in sorted(self.altered.items())
            ),
            *map(self._feed_problem, self.feeds),
        ]

    def _lost_problem(self, lost: LostTranslation) -> Problem:
        address = self._address(lost.path)
        return problem("translation-lost", Location(lost.source), language=lost.lang, value=address)

    def _text_problem(self, pages: Sequence[RemovedPage]) -> Problem:
        """Return what is to be said about a text, all of whose pages vanish for one reason."""
        where, reason = Location(pages[0].last), pages[0].reason
        language = pages[0].last.removesuffix(".md").rpartition(".")[2]
        own = next((one for one in pages if one.path.startswith(f"{language}/")), pages[0])
        address = self._address(own.path)
        if pages[0].story:
            return _as_warning(problem("id-dropped", where, value=pages[0].story))
        if pages[0].is_withheld:
            return problem("text-withdrawn", where, value=address, reason=reason)
        line = format_alias_line(b"", [format_alias(one.path) for one in pages])
        target = N_("the text they should find instead")
        return problem("url-vanished", where, value=address, reason=reason, target=target, line=line)

    def _address(self, path: str) -> str:
        return self.base_url + format_alias(path).removeprefix("/")

    def stuck(self) -> list[Problem]:
        """Return what is to be said about pages whose texts only their authors can change."""
        return [self._problem(one) for one in self.found if one.source and not self.edits[one.source].after]

    def _feed_problem(self, removed: RemovedFeeds) -> Problem:
        value = self.base_url + encode_path(removed.paths[0])
        number = len(removed.paths)
        return problem("feeds-vanished", Location(CONFIG), number=number, value=value, line=removed.line)

    def _problem(self, one: RemovedPage) -> Problem:
        alias = format_alias(one.path)
        address = self._address(one.path)
        where = Location(one.source or one.last or CONFIG)
        if not one.reason:
            return problem("edition-vanished", where, value=address)
        target = one.source or N_("the text they should find instead")
        line = self.edits[one.source].line if one.source else format_alias_line(b"", [alias])
        return problem("url-vanished", where, value=address, reason=one.reason, target=target, line=line)


def _as_warning(found: Problem) -> Problem:
    """Return what a commit would be refused for, but not a build that somebody starts by hand."""
    return replace(found, raised=Severity.WARNING)


def read_published_site(folder: Path) -> PublishedSite:
    """Read what a folder knows of itself; nothing, when it holds no site, or none that we understand."""
    files, notes = read_manifest(folder)
    pages = ((path, PublishedPage.noted(note)) for path, note in notes.items())
    return PublishedSite(frozenset(files), {path: page for path, page in pages if page is not None})


def find_removed_urls(
    old: PublishedSite,
    index: SiteIndex,
    library: Library,
    planned: Sequence[PlannedArtifact],
    now: datetime,
    *,
    whole: bool,
    read: Callable[[str], bytes],
    ever: bool = False,
) -> RemovedUrls:
    """Compare a published site with a plan; the arguments are those of
    `newsfeed.core.site.removed_pages.find_removed_pages`.
    """
    found = find_removed_pages(old, index, library, planned, now, whole=whole, ever=ever)
    pages = select_remembered_pages(old, library, planned, whole=whole)
    notes = {path: page.note for path, page in pages.items()}
    feeds = find_removed_feeds(old.files, index.settings.feeds, planned)
    lost = find_lost_translations(old, library, planned) if whole else []
    altered = find_altered_ids(old, library)
    edits = _edits(found, library, read)
    return RemovedUrls(index.settings.site.base_url, found, edits, notes, feeds, lost, altered)


def removed_since(
    before: tuple[SiteIndex, Collection[PlannedArtifact]],
    after: tuple[SiteIndex, Sequence[PlannedArtifact]],
    now: datetime,
    read: Callable[[str], bytes],
) -> RemovedUrls:
    """Compare some artifacts of a site as it was and as it is, each with its index."""
    pages = {one.path: page for one in before[1] if (page := find_published_page(before[0], one)) is not None}
    old = PublishedSite(frozenset(one.path for one in before[1]), pages)
    index, plan = after
    return find_removed_urls(old, index, index.all_content, plan, now, whole=True, read=read)


def _edits(found: Sequence[RemovedPage], library: Library, read: Callable[[str], bytes]) -> dict[str, Edit]:
    new: dict[str, list[str]] = defaultdict(list)
    for one in found:
        if one.source:
            new[one.source].append(format_alias(one.path))
    made = {}
    for path, aliases in sorted(new.items()):
        own = [format_alias(alias.path) for alias in find_file_aliases(library, path)]
        before = read(path)
        made[path] = Edit(before, add_aliases(before, aliases), format_alias_line(before, [*own, *aliases]))
    return made
