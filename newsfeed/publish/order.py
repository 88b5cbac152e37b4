"""The order in which artifacts are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.feeds import feed_rows
from newsfeed.core.index import Section
from newsfeed.core.paging import page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.core.index import Index, Row
    from newsfeed.core.planned import Planned


def in_order_of_work(index: Index, plan: Sequence[Planned]) -> list[Planned]:
    """Edition by edition, and what shows stories of the same time together: so little has to be kept of
    what they share.
    """
    places = {key: place for place, key in enumerate(index.rows)}
    size = index.settings.lists.items

    def moment(planned: Planned) -> tuple[str, int, str]:
        rows: Sequence[Row] = ()
        if planned.kind == "story":
            return planned.lang, places[planned.key], planned.path
        language = index.settings.languages.get(planned.lang)
        if planned.kind == "feed":
            rows = feed_rows(index, planned)
        elif language is not None and planned.kind in ("list", "dossier"):
            rows = page(index.lists.of(language, Section(planned.section, planned.key)), size, planned.number)
        elif language is not None and planned.kind == "month":
            year, month = map(int, planned.key.split("-"))
            rows = index.lists.months(language)[year, month]
        return planned.lang, places[rows[len(rows) // 2].id] if rows else 0, planned.path

    return sorted(plan, key=moment)
