"""Wire the upkeep of a site's own catalogues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.app.context import context_of, report_of

if TYPE_CHECKING:
    from pathlib import Path

    from newsfeed.i18n.site_catalogues import CatalogueChange
    from newsfeed.problems import Problem


def extract(root: Path) -> list[CatalogueChange]:
    """Write the entries that catalogues lack, for names and for sentences of the site's own templates.

    Raises `ProblemsFound` when the configuration is unusable, `OutsideError` for a template that is broken.
    """
    from newsfeed.config import bundled
    from newsfeed.i18n.own_sentences import extract_sentences
    from newsfeed.i18n.site_catalogues import extract_names

    settings = context_of(root)[0].settings
    return [*extract_names(root, settings), *extract_sentences(root, settings, bundled.locales())]


def update(root: Path) -> list[CatalogueChange]:
    """Bring catalogues in line with the configuration; raises the same."""
    from newsfeed.i18n.site_catalogues import update_names

    return update_names(root, context_of(root)[0].settings)


def check(root: Path) -> list[Problem]:
    """Return what is wrong in a site's catalogues, in the order of a report; raises the same."""
    from newsfeed.i18n.site_catalogues import check_catalogues

    return report_of(root, check_catalogues(root, context_of(root)[0].settings))
