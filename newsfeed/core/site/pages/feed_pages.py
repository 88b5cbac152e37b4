"""Pages about feeds: one that explains a section's feeds, and the list of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.headings import SECTION_HEADINGS
from newsfeed.core.site.issues import list_digests
from newsfeed.core.site.sections import SITE, Section, list_sections
from newsfeed.marking import msgid
from newsfeed.views import AboutFeedView, Anchor, AnchorGroup, FeedListView

if TYPE_CHECKING:
    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import SiteIndex
    from newsfeed.core.site.pages.context import ViewContext
    from newsfeed.settings import Language

_HEADINGS = (
    (SITE, msgid("Everything")),
    *SECTION_HEADINGS.items(),
)


def make_about_feed_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> AboutFeedView:
    """Make the view of the page that explains a section's feeds, with their addresses to copy."""
    section = Section(planned.section, planned.key)
    subject, subject_lang = context.frames.section_title(language, section)

    def elsewhere(other: Language) -> tuple[str, bool] | None:
        if not context.index.has_page(other, section):
            return None
        return urls.about_feed_path(section.folder(other.code)), False

    title = context.texts[language.code].gettext("RSS feed: {subject}").format(subject=subject)
    return AboutFeedView(
        frame=context.frames.frame(
            language,
            planned.path,
            context.frames.language_links(elsewhere),
            title=title,
            section=section,
            trail=context.trails.feed(language),
        ),
        subject=subject,
        subject_lang=subject_lang,
        subject_href=context.section_href(language, section),
        feeds=tuple(context.frames.feed_links(language, section, absolute=True)),
        all_feeds=context.addresses.local(urls.feed_list_path(language.code)),
        opml=context.addresses.local(urls.opml_path(language.code)),
        invitation=context.invitations.get(language.code),
    )


def make_feed_list_view(context: ViewContext, planned: PlannedArtifact, language: Language) -> FeedListView:
    """Make the view of the list of an edition's feeds, under headings."""
    heading, heading_lang = context.texts[language.code].labelled(msgid("RSS feeds"))

    def elsewhere(other: Language) -> tuple[str, bool] | None:
        return urls.feed_list_path(other.code), False

    return FeedListView(
        frame=context.frames.frame(
            language,
            planned.path,
            context.frames.language_links(elsewhere),
            title=heading,
            title_lang=heading_lang,
            trail=context.trails.home(language),
        ),
        heading=heading,
        groups=tuple(
            AnchorGroup(title, _about_anchors(context, language, sections))
            for title, sections in group_sections(context.index, language)
        )
        + _issue_groups(context, language),
        opml=context.addresses.local(urls.opml_path(language.code)),
    )


def _issue_groups(context: ViewContext, language: Language) -> tuple[AnchorGroup, ...]:
    """Return links to the lists of issues that were sent, if there are any."""
    lists = list_digests(context.index.settings, language.code)
    anchors = [
        Anchor(context.addresses.local(urls.issue_path(language.code, name)), title)
        for name, title in lists.items()
    ]
    return (AnchorGroup(msgid("Newsletters"), tuple(anchors)),) if anchors else ()


def group_sections(index: SiteIndex, language: Language) -> list[tuple[str, list[Section]]]:
    """Return all sections of an edition that have feeds, under their headings (message ids)."""
    groups = []
    for name, heading in _HEADINGS:
        sections = list_sections(index, language, name)
        if sections:
            groups.append((heading, sections))
    return groups


def _about_anchors(context: ViewContext, language: Language, sections: list[Section]) -> tuple[Anchor, ...]:
    anchors = []
    for section in sections:
        text, lang = context.frames.section_title(language, section)
        href = context.addresses.local(urls.about_feed_path(section.folder(language.code)))
        anchors.append(Anchor(href, text, lang))
    sort_key = context.texts[language.code].sort_key
    # Names in the page's own language first: a list in changing languages is hard to read.
    return tuple(sorted(anchors, key=lambda anchor: (bool(anchor.lang), sort_key(anchor.text))))
