"""Wire a build that shows drafts and what is to come, into a folder of its own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from newsfeed.errors import UsageError
from newsfeed.marking import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from newsfeed.app.built import Built
    from newsfeed.app.site import Site
    from newsfeed.model import Story

DRAFTS = "var/drafts"
"""The folder of the preview, below the site's: ``var`` is nobody's to publish."""
_HIDDEN = "Disallow: /\n"


def build_drafts(site: Site, output: Path, now: datetime, jobs: int, environment: Mapping[str, str]) -> Built:
    """Build a site as if drafts were none, and all that is to come had come. Raises `UsageError` when a
    published site lies in the output folder. ``environment``: says where pictures are that were made before.
    """
    from newsfeed.app import site as app
    from newsfeed.build import pool
    from newsfeed.build.cache.pictures import PictureCache

    refuse_published(output)
    shown = with_drafts(site, now)
    shown = replace(shown, context=replace(shown.context, picture_cache=PictureCache.of(environment)))
    return app.build(shown, output, shown.plan.moment, jobs=jobs or pool.usual_jobs())


def with_drafts(
    site: Site, now: datetime, moment: datetime | None = None, show: Callable[[Story], Story] | None = None
) -> Site:
    """Return a site in which drafts are public, and so is all that is to come; each is marked.

    moment: at which all is due; else that of the latest story. ``show``: makes a story as it is shown; else
    `newsfeed.core.site.drafts.show_story`.
    """
    from newsfeed.app import site as app
    from newsfeed.build.stored_stories import change_stories
    from newsfeed.core.site import drafts

    texts = site.context.texts
    rows = site.snapshot.rows
    library = site.loaded.library
    show = show or partial(drafts.show_story, now=now, texts=texts)
    marked = {key: show(library.stories[key]) for key in drafts.list_unpublished(rows, now)}
    stories = change_stories(library.stories, marked, [])
    settings = drafts.preview_settings(site.settings, texts)
    snapshot = replace(site.snapshot, rows=drafts.publish_rows(rows, now), stories=stories)
    plan = app.planned(settings, snapshot, moment or drafts.find_preview_moment(rows, now))
    return replace(
        site,
        context=replace(site.context, settings=settings, show=show),
        loaded=replace(site.loaded, library=replace(library, stories=stories)),
        snapshot=snapshot,
        plan=replace(plan, artifacts=drafts.keep_for_preview(plan.artifacts)),
    )


def refuse_published(output: Path) -> None:
    """Raise `UsageError` unless a folder is empty, or has an earlier preview."""
    robots = output / "robots.txt"
    if robots.is_file() and _HIDDEN not in robots.read_text(encoding="utf-8", errors="replace"):
        raise UsageError(
            N_("a published site lies in {folder}: drafts do not belong there"),
            N_("leave --output out, or name another folder"),
            folder=output,
        )
