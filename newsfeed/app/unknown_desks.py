"""Tell which desks of the configuration are no author of any story."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.problems import problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.app.site import Site
    from newsfeed.problems import Problem


def find_unknown_desks(site: Site) -> Iterator[Problem]:
    """Yield a problem for each, at the line of the configuration that names it."""
    desks = site.settings.site.desks
    if not desks or not site.snapshot.rows:  # a site that is only begun has no authors yet
        return
    from newsfeed.app.missing_programs import find_config_key
    from newsfeed.core.site.urls import make_author_key

    names = {name for row in site.snapshot.rows for name in row.authors}
    keys = {make_author_key(name) for name in names}
    for desk in desks:
        if desk not in keys:
            where = find_config_key(site.root, ("site", "desks"))
            yield problem("desk-unknown", where, sorted(keys), value=desk)
