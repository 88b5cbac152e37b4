"""``[search]`` → settings: whether readers can search the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.settings import SearchSettings

if TYPE_CHECKING:
    from newsfeed.config.table import Table


def read_search(table: Table) -> SearchSettings:
    """Read ``[search]``."""
    search = SearchSettings(enabled=table.flag("enabled", default=SearchSettings().enabled))
    table.close()
    return search
