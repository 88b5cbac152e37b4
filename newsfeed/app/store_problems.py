"""Find what is wrong between a site and its store: readers of digests that are gone, stories renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.errors import NewsfeedError
from newsfeed.problems import Location, Problem, find_nearest, problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsfeed.app.site import Site
    from newsfeed.settings import Settings
    from newsfeed.stores.sql import SqlStore

_CONFIG = "config.toml"


def find_store_problems(site: Site, environment: Mapping[str, str]) -> list[Problem]:
    """Return the problems that the site's store shows, or that it cannot be asked. On a machine without the
    site's secret, or without its database, there are none: it sends nothing.
    """
    from newsfeed.app.delivery import open_delivery_context
    from newsfeed.delivery.rounds import find_orphaned_digests

    if not has_store(site.root, site.settings, environment):
        return []
    try:
        with open_delivery_context(site.root, environment) as delivery:
            orphaned = find_orphaned_digests(delivery.store.people, site.settings.digests)
            return [*describe_orphans(orphaned, site.settings), *find_renames(site, delivery.store)]
    except NewsfeedError as error:
        return [problem("store-unread", Location(_CONFIG), reason=error.message)]


def describe_orphans(orphaned: Mapping[str, int], settings: Settings) -> list[Problem]:
    """Return a problem for each digest that people read and the configuration does not have."""
    known = list(settings.digests)
    return [
        problem(
            "digest-orphaned",
            Location(_CONFIG),
            value=name,
            number=number,
            other=find_nearest(name, known) or (known[0] if len(known) == 1 else "NEW"),
        )
        for name, number in orphaned.items()
    ]


def find_renames(site: Site, store: SqlStore) -> list[Problem]:
    """Return a problem for each story that would be mailed a second time, under its new file name."""
    from newsfeed.core.digests.renames import find_renamed_stories

    places = {
        dict(one.params)["value"]: one.where
        for one in site.problems
        if one.code == "id-missing" and one.where.path.startswith("news/")
    }
    if not places:
        return []
    issues = (one for digest in site.settings.digests for one in store.issues.of_digest(digest))
    renamed = find_renamed_stories(site.loaded.library.stories, places, issues)
    return [problem("story-renamed", places[new], value=new, old=old) for new, old in renamed.items()]


def has_store(root: Path, settings: Settings, environment: Mapping[str, str]) -> bool:
    """Tell whether this machine has the site's store, and the secret that opens it."""
    kept = settings.store
    if kept.sqlite_file and not (root / kept.sqlite_file).is_file():
        return False
    return bool(environment.get(kept.secret_env)) or (root / kept.secret_file).is_file()
