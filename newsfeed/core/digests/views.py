"""Build the view of a digest: everything the mail says to a group of readers, in their language."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from newsfeed.core.digests.notes import NO_NOTE, order_stories
from newsfeed.core.digests.subjects import (
    USUAL,
    WITHOUT_TOP,
    cut_at_word,
    fill_placeholders,
    needs_top,
    word_subject,
)
from newsfeed.core.site import urls
from newsfeed.core.site.brand import make_mail_brand
from newsfeed.core.site.outdated import make_outdated_notice
from newsfeed.core.site.pages.context import ViewContext, make_mail_picture
from newsfeed.core.site.pages.credits import make_credits, make_video
from newsfeed.core.site.sections import Section
from newsfeed.marking import msgid
from newsfeed.model import Story
from newsfeed.views import DigestEntry, DigestGroup, DigestNote, DigestView, Fallback

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsfeed.core.digests.notes import ChosenNote
    from newsfeed.core.digests.slots import Slot
    from newsfeed.core.site.index import ShownText
    from newsfeed.ports import Texts
    from newsfeed.settings import Digest, Language, LocalisedText


QUIET = msgid("All is quiet: there are no new stories this time. Earlier ones are waiting on the site.")
_PREHEADER = 140
"""Characters of a summary that stands beside the subject: no mailbox shows more."""


def build_digest_view(
    context: ViewContext,
    digest: Digest,
    slot: Slot,
    chain: Sequence[str],
    story_ids: Sequence[str],
    note: ChosenNote = NO_NOTE,
) -> DigestView:
    """Return everything the mail to readers of one language chain says. ``story_ids``: newest first, which is
    the order within each topic unless the editor's ``note`` says another one.
    """
    language = context.index.settings.languages[chain[0]]
    reading = replace(language, chain=tuple(chain))
    words = context.texts[language.code]
    ordered = order_stories(story_ids, note)
    stories = [context.index.library.stories[key] for key in ordered[: digest.max_items]]
    shown = [text for text in (context.index.shown_text(reading, story) for story in stories) if text]
    title = digest.title.get(language.code) or context.frames.site_title(language)
    groups = _groups(context, language, digest, shown, note)
    values = {
        "title": title,
        "date": words.long_date(slot.day),
        "number": words.number(len(shown)),
        "site": context.frames.site_title(language),
        "top": _own_title(groups),
    }
    return DigestView(
        lang=language.code,
        direction=words.direction,
        digest=digest.name,
        title=title,
        subject=_subject(digest, note, words, values),
        preheader=_preheader(words, groups),
        day=slot.day,
        site_title=context.frames.site_title(language),
        home=context.addresses.absolute(urls.home_path(language.code)),
        imprint=context.index.settings.site.imprint.get(language.code),
        groups=groups,
        more=len(story_ids) - len(stories),
        stories=len(shown),
        intro=_intro(digest, language, values),
        note=_note(context, language, note),
        brand=make_mail_brand(context.index.settings, context.frames.site_title(language)),
    )


def _subject(digest: Digest, note: ChosenNote, words: Texts, values: Mapping[str, str]) -> str:
    """Return the subject: the editor's, else the digest's, else one that names the top story. It is in the
    reader's language, so a story that is not cannot be named.
    """
    if note.subject:
        return note.subject
    pattern = _worded(digest.subject, words.code) or words.gettext(USUAL)
    if needs_top(pattern) and not values["top"]:
        pattern = words.gettext(WITHOUT_TOP)
    return word_subject(pattern, values)


def _worded(text: LocalisedText, lang: str) -> str:
    """Return a text of the configuration for a language: no other language's, where there is one for each."""
    return text.by_language.get(lang, "") if text.by_language else text.default


def _own_title(groups: Sequence[DigestGroup]) -> str:
    """Return the first title in the reader's own language."""
    return next((entry.title for entry in _own(groups)), "")


def _own(groups: Sequence[DigestGroup]) -> Iterator[DigestEntry]:
    return (entry for group in groups for entry in group.entries if entry.fallback is None)


def _intro(digest: Digest, language: Language, values: Mapping[str, str]) -> str:
    intro = _worded(digest.intro, language.code)
    return "" if needs_top(intro) and not values["top"] else fill_placeholders(intro, values)


def _note(context: ViewContext, language: Language, note: ChosenNote) -> DigestNote | None:
    """Return the editor's note, and which language it is in when that is not the reader's."""
    if not note.html:
        return None
    if note.lang == language.code:
        return DigestNote(note.html, note.lang)
    name = context.texts[language.code].language(note.lang)
    return DigestNote(note.html, note.lang, Fallback(note.lang, context.texts[note.lang].direction, name))


def _preheader(words: Texts, groups: Sequence[DigestGroup]) -> str:
    """Return what mailboxes show beside the subject, which names the first story: the titles after it in the
    reader's own language, so that the line is in one language; else how many stories there are.
    """
    own = list(_own(groups))
    if len(own) > 1:
        return " · ".join(entry.title for entry in own[1:4])
    if own and own[0].summary:
        return cut_at_word(own[0].summary, _PREHEADER)
    number = sum(len(group.entries) for group in groups)
    if not number:
        return words.gettext(QUIET)
    return words.ngettext("{number} story", "{number} stories", number).format(number=number)


def _groups(
    context: ViewContext,
    language: Language,
    digest: Digest,
    shown: Sequence[ShownText],
    note: ChosenNote,
) -> tuple[DigestGroup, ...]:
    """Return the story that leads, if one does, and then the stories by topic: in the configuration's order
    of topics, or in that of the stories where an editor gave one.
    """
    order = list(digest.topics or context.index.settings.topics)
    by_topic: dict[str, list[DigestEntry]] = defaultdict(list)
    groups = []
    for text in shown:
        assert isinstance(text.content, Story)
        entry = _entry(context, language, text)
        if text.content.id == note.lead:
            groups.append(DigestGroup("", "", (entry,)))
        else:
            topic = next((key for key in order if key in text.content.topics), "")
            by_topic[topic].append(entry)
    for topic in [*by_topic] if note.order else [*order, ""]:
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
        picture=make_mail_picture(context, language, shown),
        fallback=context.frames.fallback(language, shown),
        outdated=make_outdated_notice(context, language, shown),
        credits=make_credits(context.texts[language.code], shown),
        video=make_video(context.texts[language.code], shown),
    )


def keep_newest(view: DigestView, keep: int) -> DigestView:
    """Return the digest with the story that leads and the newest others, ``keep`` in all; the rest is counted
    as "more".
    """
    entries = view.entries
    leading = {entry.id for group in view.groups if not group.heading for entry in group.entries}
    newest = sorted(entries, key=lambda entry: (entry.id in leading, entry.published), reverse=True)[:keep]
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
