"""The archive by year and month."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from newsfeed.core import urls
from newsfeed.core.site import SITE, Planned, Section, Shown
from newsfeed.model import Month, Story
from newsfeed.views import Anchor, ArchiveView, Period

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsfeed.core.pages.kit import Kit
    from newsfeed.settings import Language


def archive_page(kit: Kit, planned: Planned, language: Language) -> ArchiveView:
    """All years with their months, or one year."""
    words, lang = kit.words[language.code], language.code
    counts: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for shown in kit.index.stories(language, Section(SITE)):
        assert isinstance(shown.content, Story)
        counts[shown.content.date.year][shown.content.date.month] += 1
    only = int(planned.key) if planned.key else 0
    periods = tuple(_year(kit, language, year, counts[year]) for year in sorted(counts, reverse=True))
    heading = planned.key or words.gettext("Archive")

    def elsewhere(other: Language) -> tuple[str, bool] | None:
        stories = kit.index.stories(other, Section(SITE))
        there = not only or any(falls_in(one, only) for one in stories)
        return (urls.archive(other.code, only), False) if there else None

    up = Anchor(kit.addresses.local(urls.archive(lang)), words.gettext("Archive"))
    return ArchiveView(
        frame=kit.frames.frame(language, planned.path, elsewhere, title=heading),
        heading=heading,
        periods=tuple(one for one in periods if only in (0, int(one.anchor.text))),
        up=up if only else None,
    )


def falls_in(shown: Shown, year: int, month: int = 0) -> bool:
    """Whether a story's date is in a year, or in one month of it."""
    assert isinstance(shown.content, Story)
    date = shown.content.date
    return date.year == year and month in (0, date.month)


def _year(kit: Kit, language: Language, year: int, months: Mapping[int, int]) -> Period:
    words, local, lang = kit.words[language.code], kit.addresses.local, language.code
    inner = tuple(
        Period(Anchor(local(urls.archive(lang, year, month)), words.month(Month(year, month))), count)
        for month, count in sorted(months.items(), reverse=True)
    )
    return Period(Anchor(local(urls.archive(lang, year)), f"{year:04}"), sum(months.values()), inner)
