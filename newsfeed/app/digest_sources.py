"""Wire what digests are rendered from: a site that was read, and the editors' notes beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from newsfeed.app.site import Site
    from newsfeed.build.context import BuildContext
    from newsfeed.delivery.rendering import DigestSource
    from newsfeed.model import Library
    from newsfeed.problems import Problem


def open_digest_source(site: Site, now: datetime) -> tuple[DigestSource, list[Problem]]:
    """Return the source of a site's digests, and what is wrong with the notes to their issues."""
    return digest_source_of(site.root, site.context, site.loaded.library, now)


def digest_source_of(
    root: Path, context: BuildContext, library: Library, now: datetime
) -> tuple[DigestSource, list[Problem]]:
    """Return the source of digests of a site's library, and what is wrong with the notes to their issues."""
    from newsfeed.config.site_layout import NOTES
    from newsfeed.delivery.issue_notes import load_issue_notes
    from newsfeed.delivery.rendering import DigestSource
    from newsfeed.sources.folder import FolderSource

    settings = context.settings
    files = FolderSource(root, settings.limits.file_size, (NOTES,))
    today = now.astimezone(settings.site.timezone).date()
    notes, problems = load_issue_notes(files, settings, library, today)
    source = DigestSource(settings, library, context.texts, context.templates, notes)
    return source, problems
