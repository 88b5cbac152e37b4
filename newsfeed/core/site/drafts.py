"""Show a site with its drafts and what is to come: the same views of a library in which these are public."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsfeed.marking import msgid
from newsfeed.settings import LocalisedText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import StoryRow
    from newsfeed.model import Story
    from newsfeed.ports import Texts
    from newsfeed.settings import Settings

NOTICE = msgid("Preview, not for the public: with drafts and stories to come.")
DRAFT = msgid("Draft")
_FOR_THE_WORLD = frozenset({"opml", "sitemap", "sitemap-index", "redirects", "redirect", "moved-feed"})
"""Kinds of artifacts that are of no use to whoever looks at drafts."""


def preview_settings(settings: Settings, texts: Mapping[str, Texts]) -> Settings:
    """Return the configuration of a preview: each page says that it is one, there are no feeds whose ids
    would be used up, and no search.
    """
    notice = LocalisedText(by_language={code: words.gettext(NOTICE) for code, words in texts.items()})
    return replace(
        settings,
        site=replace(settings.site, notice=notice),
        feeds=replace(settings.feeds, formats=(), section_formats=()),
        search=replace(settings.search, enabled=False),
        preview=True,
    )


def is_withheld(story: Story, now: datetime) -> bool:
    """Return whether a story is a draft, or due later."""
    return story.draft or story.date > now


def show_story(story: Story, now: datetime, texts: Mapping[str, Texts]) -> Story:
    """Return a story as a preview shows it: public, and marked when it is a draft or due later."""
    shown = mark_story(story, texts) if is_withheld(story, now) else story
    return shown if shown.expires is None or shown.expires <= now else replace(shown, expires=None)


def list_unpublished(rows: Iterable[StoryRow], now: datetime) -> list[str]:
    """Return the ids of drafts, and of stories that are due later."""
    return [row.id for row in rows if row.draft or row.date > now]


def publish_rows(rows: Iterable[StoryRow], now: datetime) -> tuple[StoryRow, ...]:
    """Return rows of which all are public, but for what has expired by ``now``."""
    return tuple(
        row._replace(
            draft=False, expires=row.expires if row.expires is not None and row.expires <= now else None
        )
        for row in rows
    )


def find_preview_moment(rows: Iterable[StoryRow], now: datetime) -> datetime:
    """Return a moment at which all stories are due."""
    return max([now, *(row.date for row in rows)])


def mark_story(story: Story, texts: Mapping[str, Texts]) -> Story:
    """Return a story that is not public yet as one that is; its titles say “draft”, or when it is due."""
    items = {}
    for lang, item in story.items.items():
        words = texts[lang]
        mark = words.gettext(DRAFT) if story.draft else words.long_date(story.date)
        items[lang] = replace(item, title=f"[{mark}] {item.title}")
    return replace(story, items=items, draft=False)


def keep_for_preview(artifacts: Iterable[PlannedArtifact]) -> list[PlannedArtifact]:
    """Return what of a plan is of use to whoever looks at drafts."""
    return [one for one in artifacts if one.kind not in _FOR_THE_WORLD]
