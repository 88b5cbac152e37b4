"""Plan entry → feed or OPML view. All addresses here are absolute."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.index import Section, ShownText, SiteIndex, StoryRow
from newsfeed.core.site.pages.feed_pages import group_sections
from newsfeed.core.site.pages.kit import ViewContext, make_picture
from newsfeed.core.site.paging import count_older_pages, cut_page
from newsfeed.model import Story
from newsfeed.views import (
    Attachment,
    BodySource,
    FeedCategory,
    FeedEntry,
    FeedView,
    OpmlView,
    OutlineFeed,
    OutlineGroup,
    SharedTuple,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.settings import Language


def make_feed_view(kit: ViewContext, planned: PlannedArtifact) -> FeedView:
    """One feed in one format, or one of its archives, without its entries.

    All documents of a feed have one id and one title: they are one feed (RFC 5005, section 4).
    """
    language = kit.index.settings.languages[planned.lang]
    section = Section(planned.section, planned.key)
    rows = list_feed_rows(kit.index, planned)
    size = kit.index.settings.feeds.items
    last = count_older_pages(len(kit.index.lists.of(language, section)), size)
    older = planned.number - 1 if planned.number else last

    def address(number: int) -> str:
        return kit.addresses.absolute(urls.feed_path(section.folder(language.code), planned.form, number))

    live = _live_feed(kit, language, section, planned.form)
    return live._replace(
        address=kit.addresses.absolute(planned.path),
        updated=max([row.updated for row in rows], default=live.updated),
        live=live.address if planned.number else "",
        older=address(older) if older else "",
        newer=address(planned.number + 1) if 0 < planned.number < last else "",
    )


def _live_feed(kit: ViewContext, language: Language, section: Section, form: str) -> FeedView:
    """What all documents of a feed have in common."""
    place = (language.code, section, form)
    if place not in kit.feeds:
        site, folder = kit.index.settings.site, section.folder(language.code)
        kit.feeds[place] = FeedView(
            id=urls.feed_id(site.authority, folder),
            format=form,
            lang=language.code,
            title=kit.frames.feed_title(language, section),
            description=kit.frames.feed_description(language, section),
            home=kit.addresses.absolute(f"{folder}/{urls.INDEX}"),
            address=kit.addresses.absolute(urls.feed_path(folder, form)),
            updated=_authority_date(site.authority),
            author=kit.frames.site_title(language),
        )
    return kit.feeds[place]


def list_feed_rows(index: SiteIndex, planned: PlannedArtifact) -> Sequence[StoryRow]:
    """The stories of one feed document, newest first, without their texts."""
    rows = index.lists.of(index.settings.languages[planned.lang], Section(planned.section, planned.key))
    return cut_page(rows, index.settings.feeds.items, planned.number)


def make_feed_entry(kit: ViewContext, language: Language, shown: ShownText) -> FeedEntry:
    """A story as an entry: the same in all feeds of an edition."""
    story, item, site = shown.content, shown.item, kit.index.settings.site
    assert isinstance(story, Story)
    return FeedEntry(
        id=urls.entry_id(site.authority, story, item.lang),
        lang=item.lang,
        direction=kit.words[item.lang].direction,
        title=item.title,
        link=kit.addresses.absolute(kit.index.path_of(language.code, story, item)),
        published=story.date,
        updated=story.updated,
        authors=story.authors or (kit.frames.site_title(language),),
        summary=item.summary,
        notice=_notice(kit, language, shown),
        categories=_categories(kit, language, story.topics),
        attachments=tuple(
            Attachment(kit.addresses.absolute(story.assets[one.path]), one.title, one.media_type, one.size)
            for one in story.enclosures
        ),
        picture=make_picture(kit.index, shown, kit.addresses.absolute),
        body=BodySource(item.path, item.fingerprint, item.lang),
    )


def _notice(kit: ViewContext, language: Language, shown: ShownText) -> str:
    fallback = kit.frames.fallback(language, shown)
    if fallback is None:
        return ""
    sentence = kit.words[language.code].gettext("Text in %(language)s")
    return sentence % {"language": fallback.language}


def _categories(kit: ViewContext, language: Language, topics: tuple[str, ...]) -> SharedTuple[FeedCategory]:
    place = (language.code, topics)
    if place not in kit.categories:
        scheme = urls.scheme_id(kit.index.settings.site.authority, "topics")
        labels = (kit.frames.section_title(language, Section("topics", topic))[0] for topic in topics)
        found = (FeedCategory(topic, label, scheme) for topic, label in zip(topics, labels, strict=True))
        kit.categories[place] = SharedTuple(found)
    return kit.categories[place]


def make_opml_view(kit: ViewContext, planned: PlannedArtifact) -> OpmlView:
    """All feeds of an edition, in the first configured format that feed readers share."""
    language = kit.index.settings.languages[planned.lang]
    words = kit.words[language.code]
    form = kit.index.settings.feeds.formats[0]
    groups = []
    for heading, sections in group_sections(kit.index, language):
        feeds = (_outline(kit, language, section, form) for section in sections)
        ordered = sorted(feeds, key=lambda feed: words.sort_key(feed.text))
        groups.append(OutlineGroup(words.gettext(heading), tuple(ordered)))
    return OpmlView(kit.frames.site_title(language), language.code, tuple(groups))


def _outline(kit: ViewContext, language: Language, section: Section, form: str) -> OutlineFeed:
    folder = section.folder(language.code)
    text, _ = kit.frames.section_title(language, section)
    page = kit.addresses.absolute(f"{folder}/{urls.INDEX}")
    return OutlineFeed(text, kit.addresses.absolute(urls.feed_path(folder, form)), page)


def _authority_date(authority: str) -> datetime:
    """The date since which the site names things: the honest timestamp of a feed without entries."""
    parts = [int(part) for part in authority.partition(",")[2].split("-")]
    year, month, day = (*parts, 1, 1)[:3]
    return datetime(year, month, day, tzinfo=UTC)
