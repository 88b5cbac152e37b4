"""Links at the foot of a story's page: to its neighbours, and to hear of what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.sections import Section
from newsfeed.marking import msgid
from newsfeed.views import Anchor, SharedTuple, StoryLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsfeed.core.site.index import StoryRow
    from newsfeed.core.site.pages.context import ViewContext
    from newsfeed.settings import Language


def make_onward_lines(
    context: ViewContext, language: Language, row: StoryRow
) -> tuple[StoryLine | None, StoryLine | None, tuple[StoryLine, ...]]:
    """Return the newer, the older and the related stories of a story, as links with their dates."""
    near = context.index.neighbourhoods.around(language, row)
    rows = [one for one in (near.newer, near.older, *near.related) if one is not None]
    lines = context.lines_of(language, rows)
    newer = lines[0] if near.newer is not None else None
    beside = len(rows) - len(near.related)
    older = lines[beside - 1] if near.older is not None else None
    return newer, older, lines[beside:]


def make_ways_to_follow(
    context: ViewContext, language: Language, topics: tuple[str, ...]
) -> SharedTuple[Anchor]:
    """Return links to the page where one subscribes by mail, unless there is a form, and to feeds."""
    key = (language.code, "follow", topics)
    if key not in context.anchor_cache:
        context.anchor_cache[key] = SharedTuple(_ways(context, language, topics))
    return context.anchor_cache[key]


def _ways(context: ViewContext, language: Language, topics: tuple[str, ...]) -> Iterator[Anchor]:
    texts, local = context.texts[language.code], context.addresses.local
    page = context.index.settings.mail.subscribe_url
    if page and context.invitations.get(language.code) is None:
        yield Anchor(
            page.replace("{lang}", language.code.lower()), *texts.labelled(msgid("Subscribe by email"))
        )
    for topic in topics:
        section = Section("topics", topic)
        title = texts.gettext("RSS feed: {subject}").format(
            subject=context.frames.section_title(language, section)[0]
        )
        yield Anchor(local(urls.about_feed_path(section.folder(language.code))), title)
    yield Anchor(local(urls.feed_list_path(language.code)), *texts.labelled(msgid("All RSS feeds")))
