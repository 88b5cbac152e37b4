"""`PlannedArtifact`: one file of the site before anything is rendered."""

from __future__ import annotations

from typing import NamedTuple

NEVER_COMPRESSED = ("asset", "picture", "card", "redirects", "search-part")
"""Kinds that get no compressed copy: files of the site's own, what only servers read, and what is compressed
already.
"""


class PlannedArtifact(NamedTuple):
    """One artifact of the site, before anything is rendered."""

    path: str
    kind: str
    """What makes it: a kind of page (`newsfeed.core.site.pages.PAGE_MAKERS`), or ``text-file``, ``feed``,
    ``opml``, ``sitemap``, ``sitemap-index``, ``robots``, ``stylesheet``, ``asset``, ``picture``, ``card``,
    ``redirects``, ``search-script``, ``search-part``.
    """
    lang: str = ""
    key: str = ""
    """What it is about: a story's id, a section's key, a year, a source path."""
    section: str = ""
    number: int = 0
    form: str = ""
    """Feed format; the server that redirects are for; ``jpg`` or ``png`` of what feeds and mails show."""


def is_named_by_content(planned: PlannedArtifact) -> bool:
    """Tell whether an artifact's path says what is in it, so that it never changes: a picture for pages."""
    return planned.kind == "picture" and not planned.form
