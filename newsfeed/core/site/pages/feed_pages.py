"""Pages about feeds: what one feed is, and the list of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.index import SITE, Section, SiteIndex
from newsfeed.core.site.pages.kit import ViewContext, msgid
from newsfeed.views import AboutFeedView, Anchor, AnchorGroup, FeedListView

if TYPE_CHECKING:
    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.settings import Language

_HEADINGS = (
    (SITE, msgid("Everything")),
    ("topics", msgid("Topics")),
    ("countries", msgid("Countries")),
    ("projects", msgid("Projects")),
    ("programmes", msgid("Programmes")),
    ("authors", msgid("Authors")),
)


def make_about_feed_view(kit: ViewContext, planned: PlannedArtifact, language: Language) -> AboutFeedView:
    """What a section's feeds bring, and their addresses to copy."""
    section = Section(planned.section, planned.key)
    subject, subject_lang = kit.frames.section_title(language, section)

    def elsewhere(other: Language) -> tuple[str, bool] | None:
        if not kit.index.has_page(other, section):
            return None
        return urls.about_feed_path(section.folder(other.code)), False

    title = kit.words[language.code].gettext("Feed: {subject}").format(subject=subject)
    return AboutFeedView(
        frame=kit.frames.frame(
            language, planned.path, kit.frames.places(elsewhere), title=title, section=section
        ),
        subject=subject,
        subject_lang=subject_lang,
        subject_href=kit.section_href(language, section),
        feeds=tuple(kit.frames.feed_links(language, section, absolute=True)),
        all_feeds=kit.addresses.local(urls.feed_list_path(language.code)),
        opml=kit.addresses.local(urls.opml_path(language.code)),
    )


def make_feed_list_view(kit: ViewContext, planned: PlannedArtifact, language: Language) -> FeedListView:
    """Every feed of an edition, under headings."""
    heading = kit.words[language.code].gettext("Feeds")

    def elsewhere(other: Language) -> tuple[str, bool] | None:
        return urls.feed_list_path(other.code), False

    return FeedListView(
        frame=kit.frames.frame(language, planned.path, kit.frames.places(elsewhere), title=heading),
        heading=heading,
        groups=tuple(
            AnchorGroup(title, _about_anchors(kit, language, sections))
            for title, sections in group_sections(kit.index, language)
        ),
        opml=kit.addresses.local(urls.opml_path(language.code)),
    )


def group_sections(index: SiteIndex, language: Language) -> list[tuple[str, list[Section]]]:
    """All sections of an edition that have feeds, under their headings (message ids)."""
    groups = []
    for name, heading in _HEADINGS:
        sections = [one for one in index.by_section if one.name == name and index.has_page(language, one)]
        if sections:
            groups.append((heading, sections))
    return groups


def _about_anchors(kit: ViewContext, language: Language, sections: list[Section]) -> tuple[Anchor, ...]:
    anchors = []
    for section in sections:
        text, lang = kit.frames.section_title(language, section)
        href = kit.addresses.local(urls.about_feed_path(section.folder(language.code)))
        anchors.append(Anchor(href, text, lang))
    key = kit.words[language.code].sort_key
    return tuple(sorted(anchors, key=lambda one: key(one.text)))
