"""Build the view of a digest: everything the mail says to a group of readers, in their language."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.pages.context import ViewContext, make_picture
from newsfeed.core.site.pages.credits import make_credits, make_video
from newsfeed.core.site.sections import Section
from newsfeed.marking import msgid
from newsfeed.model import Story
from newsfeed.views import DigestEntry, DigestGroup, DigestView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.core.digests.slots import Slot
    from newsfeed.core.site.index import ShownText
    from newsfeed.ports import Texts
    from newsfeed.settings import Digest, Language


QUIET = msgid("All is quiet: there are no new stories this time. Earlier ones are waiting on the site.")


def build_digest_view(
    context: ViewContext, digest: Digest, slot: Slot, chain: Sequence[str], story_ids: Sequence[str]
) -> DigestView:
    """Return everything the mail to readers of one language chain says, newest first within each topic."""
    language = context.index.settings.languages[chain[0]]
    reading = replace(language, chain=tuple(chain))
    words = context.texts[language.code]
    stories = [context.index.library.stories[key] for key in story_ids[: digest.max_items]]
    shown = [text for text in (context.index.shown_text(reading, story) for story in stories) if text]
    title = digest.title.get(language.code) or context.frames.site_title(language)
    return DigestView(
        lang=language.code,
        direction=words.direction,
        digest=digest.name,
        title=title,
        subject=words.gettext("{title}, {date}").format(title=title, date=words.long_date(slot.day)),
        preheader=_preheader(words, shown),
        day=slot.day,
        site_title=context.frames.site_title(language),
        home=context.addresses.absolute(urls.home_path(language.code)),
        imprint=context.index.settings.site.imprint.get(language.code),
        groups=_groups(context, language, digest, shown),
        more=len(story_ids) - len(stories),
        stories=len(shown),
    )


def _preheader(words: Texts, shown: Sequence[ShownText]) -> str:
    """Return what mailboxes show beside the subject: the first titles in the reader's own language, so that
    the line is in one language; else how many stories there are.
    """
    own = [text.item.title for text in shown if not text.is_fallback][:3]
    if own:
        return " · ".join(own)
    if not shown:
        return words.gettext(QUIET)
    return words.ngettext("{number} story", "{number} stories", len(shown)).format(number=len(shown))


def _groups(
    context: ViewContext, language: Language, digest: Digest, shown: Sequence[ShownText]
) -> tuple[DigestGroup, ...]:
    order = list(digest.topics or context.index.settings.topics)
    by_topic: dict[str, list[DigestEntry]] = defaultdict(list)
    for text in shown:
        assert isinstance(text.content, Story)
        topic = next((key for key in order if key in text.content.topics), "")
        by_topic[topic].append(_entry(context, language, text))
    groups = []
    for topic in [*order, ""]:
        if topic in by_topic:
            heading, lang = _heading(context, language, topic)
            groups.append(DigestGroup(heading, lang, tuple(by_topic[topic])))
    return tuple(groups)


def _heading(context: ViewContext, language: Language, topic: str) -> tuple[str, str]:
    if topic:
        return context.frames.section_title(language, Section("topics", topic))
    return context.texts[language.code].labelled(msgid("More news"))


def _entry(context: ViewContext, language: Language, shown: ShownText) -> DigestEntry:
    story = shown.content
    assert isinstance(story, Story)
    path = context.index.page_path(language.code, story, shown.item)
    return DigestEntry(
        story=story.id,
        id=urls.entry_id(context.index.settings.site.authority, story, shown.item.lang),
        href=context.addresses.absolute(path),
        title=shown.item.title,
        summary=shown.item.summary,
        published=story.date,
        authors=story.authors,
        picture=make_picture(context.index, shown, context.addresses.absolute),
        fallback=context.frames.fallback(language, shown),
        credits=make_credits(context.texts[language.code], shown),
        video=make_video(context.texts[language.code], shown),
    )


def keep_newest(view: DigestView, keep: int) -> DigestView:
    """Return the digest with only its newest ``keep`` stories; the rest is counted as "more"."""
    entries = [entry for group in view.groups for entry in group.entries]
    newest = sorted(entries, key=lambda entry: entry.published, reverse=True)[:keep]
    kept = {entry.id for entry in newest}
    groups = (
        replace(group, entries=tuple(entry for entry in group.entries if entry.id in kept))
        for group in view.groups
    )
    return replace(
        view,
        groups=tuple(group for group in groups if group.entries),
        stories=len(newest),
        more=view.more + len(entries) - len(newest),
    )
