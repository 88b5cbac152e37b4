"""The page at the address of a story that was withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site.withdrawn import TITLE, make_withdrawal_sentence
from newsfeed.views import WithdrawnView

if TYPE_CHECKING:
    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.pages.context import ViewContext
    from newsfeed.records import PublishedEdition, PublishedEntry, PublishedIssue
    from newsfeed.settings import Language


def make_withdrawn_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> WithdrawnView:
    """Make the view of a page that says that its story was withdrawn; the languages lead to its like."""
    texts, index = context.texts[language.code], context.index
    title, title_lang = texts.labelled(TITLE)
    frame = context.frames.frame(
        language,
        planned.path,
        context.frames.content_links(index.with_withdrawn.stories[planned.key]),
        title=title,
        title_lang=title_lang,
        indexed=False,
    )
    return WithdrawnView(frame, make_withdrawal_sentence(texts, index.lists.withdrawn[planned.key]))


def show_edition(context: ViewContext, issue: PublishedIssue, lang: str) -> PublishedEdition:
    """Return an issue as an edition shows it: without the words of stories that were withdrawn since, and
    with the digest's title as its subject when that named one of them.
    """
    edition, withdrawn = issue.editions[lang], context.index.lists.withdrawn
    gone = [one for group in edition.groups for one in group.entries if one.story in withdrawn]
    if not gone:
        return edition
    texts = context.texts[lang]

    def show(entry: PublishedEntry) -> PublishedEntry:
        if entry.story not in withdrawn:
            return entry
        sentence = make_withdrawal_sentence(texts, withdrawn[entry.story])
        return entry._replace(lang=lang, title=texts.gettext(TITLE), summary=sentence)

    groups = (group._replace(entries=tuple(map(show, group.entries))) for group in edition.groups)
    is_named = any(one.title in edition.subject for one in gone)
    subject = edition.title if is_named else edition.subject
    return edition._replace(subject=subject, groups=tuple(groups))
