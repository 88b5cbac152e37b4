"""Search: the page of an edition with its form, and what is found there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.pages.context import make_text_reference
from newsfeed.core.site.search import SCRIPT, cut_search
from newsfeed.marking import msgid
from newsfeed.views import SearchRecord, SearchView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.pages.context import ViewContext
    from newsfeed.settings import Language

_NAMED = ("topics", "countries", "projects", "programmes", "authors")
"""Sections by whose names a story is found, too."""


def make_search_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> SearchView:
    """Make the view of a search page, with the addresses of all parts of its index."""
    title, title_lang = context.texts[language.code].labelled(msgid("Search"))
    local = context.addresses.local
    numbers = range(1, len(cut_search(context.index, language)) + 1)
    return SearchView(
        frame=context.frames.frame(
            language,
            planned.path,
            context.frames.language_links(lambda other: (urls.search_path(other.code), False)),
            title=title,
            title_lang=title_lang,
            indexed=False,
            trail=context.trails.home(language),
        ),
        action=local(planned.path),
        script=local(SCRIPT),
        base=local(""),
        parts=tuple(local(urls.search_part_folder(language.code, number)) for number in numbers),
        archive=local(urls.archive_path(language.code)),
    )


def make_search_records(
    context: ViewContext, planned: PlannedArtifact, language: Language
) -> Iterator[SearchRecord]:
    """Yield the stories of one part of an index as they are found."""
    for row in cut_search(context.index, language)[planned.number - 1]:
        shown = context.index.listed_text(language, row)
        page = row.page(language)
        assert page is not None, "only what an edition shows is in its lists"
        card = context.card(language, shown)
        names = [section for section in row.sections if section.name in _NAMED]
        yield SearchRecord(
            path=page[0],
            title=card.title,
            lead=card.summary if shown.item.summary_is_own else "",
            names=tuple(context.frames.section_title(language, section)[0] for section in names),
            date=context.texts[language.code].long_date(row.date),
            fallback=card.fallback,
            body=make_text_reference(shown),
        )
