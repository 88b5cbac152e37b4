"""The archive by year and month."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.marking import msgid
from newsfeed.model import Month
from newsfeed.views import Anchor, ArchivePeriod, ArchiveView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.pages.context import ViewContext
    from newsfeed.settings import Language


def make_archive_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> ArchiveView:
    """Make the view of the archive: all years with their months, or one year."""
    texts, lang = context.texts[language.code], language.code
    only = int(planned.key) if planned.key else 0
    counts: dict[int, dict[int, int]] = defaultdict(dict)
    for (year, month), stories in context.index.lists.months(language).items():
        if only in (0, year):
            counts[year][month] = len(stories)
    heading, heading_lang = (planned.key, "") if planned.key else texts.labelled(msgid("Archive"))
    links_to_all = Anchor(context.addresses.local(urls.archive_path(lang)), *texts.labelled(msgid("Archive")))

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
        ),
        heading=heading,
        periods=tuple(_year(context, language, year, counts[year]) for year in sorted(counts, reverse=True)),
        up=links_to_all if only else None,
    )


def _year(context: ViewContext, language: Language, year: int, months: Mapping[int, int]) -> ArchivePeriod:
    texts, local, lang = context.texts[language.code], context.addresses.local, language.code
    inner = tuple(
        ArchivePeriod(
            Anchor(local(urls.archive_path(lang, year, month)), texts.month(Month(year, month))), count
        )
        for month, count in sorted(months.items(), reverse=True)
    )
    return ArchivePeriod(
        Anchor(local(urls.archive_path(lang, year)), f"{year:04}"), sum(months.values()), inner
    )
