"""Tell which programs a site asks for that are not installed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.errors import OutsideError, UsageError
from newsfeed.problems import Location, problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsfeed.problems import Problem
    from newsfeed.settings import Settings


def find_missing_programs(root: Path, settings: Settings) -> Iterator[Problem]:
    """Yield a problem for each, at the line of the configuration that asks for it."""
    from newsfeed.build.search_index import find_pagefind

    if not settings.search.enabled:
        return
    try:
        find_pagefind()
    except (OutsideError, UsageError):
        yield problem("search-program-missing", find_config_key(root, ("search", "enabled")))


def find_config_key(root: Path, path: tuple[str, ...]) -> Location:
    """Return where a key stands in the configuration."""
    from newsfeed.config.site_layout import CONFIG
    from newsfeed.core.content.toml_positions import find_toml_positions
    from newsfeed.files import read_file

    places = find_toml_positions(read_file(root / CONFIG).decode("utf-8"))
    return Location(CONFIG, *places.get(path, (1, 1)))
