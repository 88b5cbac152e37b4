"""Order artifacts so that those which show the same stories are rendered one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site.feeds import brings_whole_texts, list_feed_rows
from newsfeed.core.site.paging import cut_page
from newsfeed.core.site.sections import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import SiteIndex, StoryRow


def order_of_work(index: SiteIndex, plan: Sequence[PlannedArtifact]) -> list[int]:
    """Return the numbers of a plan's artifacts in the order of rendering: edition by edition, and what shows
    stories of the same time together; so little has to be kept of what they share. What else there is stays
    in its order.
    """
    places = {key: place for place, key in enumerate(index.lists.all_rows)}
    editions = {code: number for number, code in enumerate(sorted(index.settings.languages), 1)}
    size = index.settings.lists.items

    def moment(number: int) -> int:
        planned = plan[number]
        rows: Sequence[StoryRow] = ()
        place = 0
        language = index.settings.languages.get(planned.lang)
        if planned.kind in ("story", "text-file", "card", "withdrawn"):
            place = places[planned.key]
        elif planned.kind == "feed":
            rows = list_feed_rows(index, planned)
            if not brings_whole_texts(index, planned):
                rows = rows[-1:]  # behind the feeds that bring the whole texts of all its stories
        elif language is not None and planned.kind in ("list", "dossier"):
            rows = cut_page(
                index.lists.shown_in(language, Section(planned.section, planned.key)), size, planned.number
            )
        elif language is not None and planned.kind == "month":
            year, month = map(int, planned.key.split("-"))
            rows = index.lists.months(language)[year, month]
        if rows:
            place = places[rows[len(rows) // 2].id]
        return editions.get(planned.lang, 0) * (len(places) + 1) + place

    return sorted(range(len(plan)), key=moment)
