"""Wire a build that shows drafts and what is to come, into a folder of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from newsfeed.app.built import Built
    from newsfeed.app.site import Site

DRAFTS = "var/drafts"
"""The folder of the preview, below the site's: ``var`` is nobody's to publish."""
_HIDDEN = "Disallow: /\n"


def build_drafts(site: Site, output: Path, now: datetime, jobs: int) -> Built:
    """Build a site as if drafts were none, and all that is to come had come. Raises `UsageError` when a
    published site lies in the output folder.
    """
    from newsfeed.app import site as app
    from newsfeed.build import pool
    from newsfeed.build.stored_stories import change_stories
    from newsfeed.core.site import drafts

    _refuse_published(output)
    texts = site.context.texts
    rows = site.snapshot.rows
    library = site.loaded.library
    marked = {
        key: drafts.mark_story(library.stories[key], texts) for key in drafts.list_unpublished(rows, now)
    }
    stories = change_stories(library.stories, marked, [])
    settings = drafts.preview_settings(site.settings, texts)
    moment = drafts.find_preview_moment(rows, now)
    snapshot = replace(site.snapshot, rows=drafts.publish_rows(rows, now), stories=stories)
    plan = app.planned(settings, snapshot, moment)
    shown = replace(
        site,
        context=replace(site.context, settings=settings),
        loaded=replace(site.loaded, library=replace(library, stories=stories)),
        snapshot=snapshot,
        plan=replace(plan, artifacts=drafts.keep_for_preview(plan.artifacts)),
    )
    return app.build(shown, output, moment, jobs=jobs or pool.usual_jobs())


def _refuse_published(output: Path) -> None:
    """Raise `UsageError` unless a folder is empty, or has an earlier preview."""
    robots = output / "robots.txt"
    if robots.is_file() and _HIDDEN not in robots.read_text(encoding="utf-8", errors="replace"):
        raise UsageError(
            N_("a published site lies in {folder}: drafts do not belong there"),
            N_("leave --output out, or name another folder"),
            folder=output,
        )
