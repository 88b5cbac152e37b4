"""The archive by year and month."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.marking import msgid
from newsfeed.model import Month
from newsfeed.views import Anchor, ArchivePeriod, ArchiveView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import StoryRow
    from newsfeed.core.site.pages.context import ViewContext
    from newsfeed.settings import Language

MOST_TITLES = 200
"""Stories that a page of the archive names; of more it tells how many there are, month by month."""


def make_archive_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> ArchiveView:
    """Make the view of the archive: all years with their months, or one year."""
    texts = context.texts[language.code]
    only = int(planned.key) if planned.key else 0
    years: dict[int, dict[int, Sequence[StoryRow]]] = defaultdict(dict)
    for (year, month), rows in context.index.lists.months(language).items():
        if only in (0, year):
            years[year][month] = rows
    named = sum(len(rows) for months in years.values() for rows in months.values()) <= MOST_TITLES
    heading, heading_lang = (planned.key, "") if planned.key else texts.labelled(msgid("Archive"))

    def elsewhere(other: Language) -> tuple[str, bool] | None:
        there = not only or any(year == only for year, _ in context.index.lists.months(other))
        return (urls.archive_path(other.code, only), False) if there else None

    return ArchiveView(
        frame=context.frames.frame(
            language,
            planned.path,
            context.frames.language_links(elsewhere),
            title=heading,
            title_lang=heading_lang,
            trail=context.trails.archive(language, only),
        ),
        heading=heading,
        periods=tuple(
            _year(context, language, year, years[year], named=named) for year in sorted(years, reverse=True)
        ),
        year=planned.key,
    )


def _year(
    context: ViewContext,
    language: Language,
    year: int,
    months: Mapping[int, Sequence[StoryRow]],
    *,
    named: bool,
) -> ArchivePeriod:
    texts, local, lang = context.texts[language.code], context.addresses.local, language.code
    inner = tuple(
        ArchivePeriod(
            Anchor(local(urls.archive_path(lang, year, month)), texts.month(Month(year, month))),
            len(rows),
            stories=context.lines_of(language, rows) if named else (),
        )
        for month, rows in sorted(months.items(), reverse=True)
    )
    return ArchivePeriod(
        Anchor(local(urls.archive_path(lang, year)), f"{year:04}"), sum(map(len, months.values())), inner
    )
