"""The pages that search engines should know, cut into the files of the sitemap."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newsfeed.core.site import urls
from newsfeed.core.site.artifact import PlannedArtifact
from newsfeed.core.site.issues import ISSUE_PAGES, plan_issues
from newsfeed.core.site.sections import SECTIONS, list_sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsfeed.core.site.index import SiteIndex, StoryRow
    from newsfeed.core.site.sections import Section
    from newsfeed.model import Content
    from newsfeed.settings import Language

MOST_URLS = 2_000
"""Of one file. The protocol allows 50,000 in 50 MB; but the last file is written anew for every story."""


class SitemapPart(NamedTuple):
    """The pages that stand in one file of the sitemap."""

    stories: Sequence[tuple[StoryRow, Language]]
    """Those that an edition has in its own language, oldest first."""
    others: Sequence[PlannedArtifact]

    def __len__(self) -> int:
        return len(self.stories) + len(self.others)


def cut_sitemap(index: SiteIndex) -> list[SitemapPart]:
    """Return the listed pages, file by file; one file when all fit into it.

    Of more, stories are cut from the oldest end, like lists: what is new changes only the last part,
    with all pages that list it, and never one before.
    """
    stories, others = list(_stories(index)), list(_others(index))
    if len(stories) + len(others) <= MOST_URLS:
        return [SitemapPart(stories, others)]
    size = MOST_URLS // 2
    apart = len(others) > size
    room = MOST_URLS if apart else MOST_URLS - len(others)
    end = size * max(0, -(-(len(stories) - room) // size))
    older = [SitemapPart(stories[start : start + size], ()) for start in range(0, end, size)]
    if apart:
        rest = [
            SitemapPart((), others[start : start + MOST_URLS]) for start in range(0, len(others), MOST_URLS)
        ]
        return [*older, SitemapPart(stories[end:], ()), *rest]
    return [*older, SitemapPart(stories[end:], others)]


def _stories(index: SiteIndex) -> Iterator[tuple[StoryRow, Language]]:
    """Yield (story, edition) of all stories in their own languages, oldest first."""
    languages = {language.code: language for language in index.settings.editions}
    for row in sorted(index.rows.values(), key=lambda row: (row.date.timestamp(), row.id)):
        for code, language in languages.items():
            if code in row.slugs:
                yield row, language


def _others(index: SiteIndex) -> Iterator[PlannedArtifact]:
    """Yield the pages that name sections, live pages of lists, static pages, and issues of digests that were
    sent, in their own languages.
    """
    for language in index.settings.editions:
        for name in SECTIONS:
            if list_sections(index, language, name):
                path = urls.index_path(language.code, name)
                yield PlannedArtifact(path, "index", language.code, section=name)
        for section in index.by_section:
            if index.has_page(language, section) and _is_own(index, language, section):
                kind = "dossier" if section.name in ("projects", "programmes") else "list"
                yield PlannedArtifact(
                    section.live_path(language.code), kind, language.code, section.key, section.name
                )
        for page in index.library.pages.values():
            shown = index.shown_text(language, page)
            if shown is not None and not shown.is_fallback:
                path = urls.static_page_path(language.code, shown.item.slug)
                yield PlannedArtifact(path, "static", language.code, page.id)
        issues = plan_issues(index.settings, language.code)
        yield from (page for page in issues if page.kind in ISSUE_PAGES)


def _is_own(index: SiteIndex, language: Language, section: Section) -> bool:
    """Return whether an edition shows a section in its own language.

    Only the text of a dossier may be in another.
    """
    library = index.library
    dossiers: Mapping[str, Mapping[str, Content]]
    dossiers = {"projects": library.projects, "programmes": library.programmes}
    content = dossiers.get(section.name, {}).get(section.key)
    shown = index.shown_text(language, content) if content is not None else None
    return shown is None or not shown.is_fallback
