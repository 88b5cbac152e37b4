"""Views of feeds, of their entries and of OPML lists. All addresses here are absolute."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsfeed.core.site import urls
from newsfeed.core.site.feed_documents import (
    brings_summaries,
    count_archives,
    cut_document,
    feed_formats,
    is_complete,
)
from newsfeed.core.site.outdated import make_outdated_notice
from newsfeed.core.site.pages.context import ViewContext, make_picture
from newsfeed.core.site.pages.credits import make_credits, make_video
from newsfeed.core.site.pages.feed_pages import group_sections
from newsfeed.core.site.sections import Section
from newsfeed.core.site.withdrawn import TITLE, make_withdrawal_sentence
from newsfeed.model import Story
from newsfeed.views import (
    EnclosureLink,
    FeedCategory,
    FeedEntry,
    FeedView,
    OpmlView,
    OutlineFeed,
    OutlineGroup,
    SharedTuple,
    TextReference,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import ShownText, SiteIndex, StoryRow
    from newsfeed.settings import Language


def make_feed_view(context: ViewContext, planned: PlannedArtifact) -> FeedView:
    """Return the view of a feed in one format, or of one of its archives, without its entries.

    All documents of a feed have one id and one title: they are one feed (RFC 5005, section 4).
    """
    language = context.index.settings.languages[planned.lang]
    section = Section(planned.section, planned.key)
    folder = section.folder(language.code)
    rows, feeds = list_feed_rows(context.index, planned), context.index.settings.feeds
    length = len(context.index.lists.fed_in(language, section))
    last = count_archives(feeds, section, length)
    older = planned.number - 1 if planned.number else last

    def address(number: int) -> str:
        return context.addresses.absolute(urls.feed_path(folder, planned.form, number))

    feed = _feed_in_general(context, language, section)
    return feed._replace(
        format=planned.form,
        address=context.addresses.absolute(planned.path),
        updated=max([context.index.lists.changed(row) for row in rows], default=feed.updated),
        live=address(0) if planned.number else "",
        older=address(older) if older else "",
        newer=address(planned.number + 1) if 0 < planned.number < last else "",
        complete=is_complete(feeds, section, length),
        hubs=() if planned.number else feed.hubs,
        deleted=tuple(_tombstone(context, language, row) for row in rows if row.withdrawn is not None),
    )


def _tombstone(context: ViewContext, language: Language, row: StoryRow) -> tuple[str, datetime]:
    entry = make_withdrawn_entry(context, language, row)
    return entry.iri or entry.id, entry.updated


def _feed_in_general(context: ViewContext, language: Language, section: Section) -> FeedView:
    """Return what the documents of a section's feed have in common, in all formats."""
    key = (language.code, section)
    if key not in context.feed_cache:
        site, folder = context.index.settings.site, section.folder(language.code)
        context.feed_cache[key] = FeedView(
            id=urls.feed_id(site.authority, folder),
            format="",
            lang=language.code,
            title=context.frames.feed_title(language, section),
            description=context.frames.feed_description(language, section),
            home=context.addresses.absolute(f"{folder}/{urls.INDEX}"),
            address="",
            updated=_authority_date(site.authority),
            author=context.frames.site_title(language),
            hubs=context.index.settings.hubs,
        )
    return context.feed_cache[key]


def make_moved_feed_view(context: ViewContext, planned: PlannedArtifact) -> tuple[FeedView, FeedEntry]:
    """Return the last document of a feed at its old address, and its one entry, which says where the feed is.

    For programs the document is an archive whose current one is at the new address (RFC 5005, section 4).
    """
    language = context.index.settings.languages[planned.lang]
    path = urls.feed_path(Section(planned.section, planned.key).folder(planned.lang), planned.form)
    live = make_feed_view(context, planned._replace(kind="feed", path=path))
    view = live._replace(
        address=context.addresses.absolute(planned.path),
        live=live.address,
        older="",
        newer="",
        moved=True,
        complete=False,
        hubs=(),
    )
    texts = context.texts[language.code]
    site = context.index.settings.site
    entry = FeedEntry(
        id=urls.moved_id(site.authority, planned.path),
        lang=language.code,
        direction=texts.direction,
        title=texts.gettext("This feed has moved"),
        link=live.home,
        published=live.updated,
        updated=live.updated,
        authors=(view.author,),
        summary=texts.gettext("It is here now: {address}").format(address=live.address),
        notice="",
        categories=(),
        enclosures=(),
        picture=None,
        body=TextReference("", "", language.code),
    )
    return view, entry


def list_feed_rows(index: SiteIndex, planned: PlannedArtifact) -> Sequence[StoryRow]:
    """Return the stories of one feed document, newest first, without their texts."""
    section = Section(planned.section, planned.key)
    rows = index.lists.fed_in(index.settings.languages[planned.lang], section)
    return cut_document(index.settings.feeds, section, rows, planned.number)


def brings_whole_texts(index: SiteIndex, planned: PlannedArtifact) -> bool:
    """Return whether a feed brings texts, and not only their summaries."""
    return not brings_summaries(index.settings.feeds, Section(planned.section, planned.key))


def make_feed_entry(context: ViewContext, language: Language, shown: ShownText) -> FeedEntry:
    """Return a story as an entry, which all feeds of an edition share."""
    story, item, site = shown.content, shown.item, context.index.settings.site
    assert isinstance(story, Story)
    texts, lists, row = context.texts[language.code], context.index.lists, context.index.rows[story.id]
    own_id = urls.entry_id(site.authority, story, item.lang)
    return FeedEntry(
        id=item.guid or own_id,
        lang=item.lang,
        direction=context.texts[item.lang].direction,
        title=item.title,
        link=context.addresses.absolute(context.index.page_path(language.code, story, item)),
        published=lists.published(row),
        updated=lists.changed(row),
        authors=story.authors or (context.frames.site_title(language),),
        summary=item.summary,
        notice=_notice(context, language, shown),
        categories=_categories(context, language, story.topics),
        enclosures=tuple(
            EnclosureLink(
                context.addresses.absolute(story.assets[file.path]), file.title, file.media_type, file.size
            )
            for file in story.enclosures
        ),
        picture=make_picture(context, language, shown, absolute=True),
        body=TextReference(item.path, item.fingerprint, item.lang),
        iri="" if not item.guid or urls.is_iri(item.guid) else own_id,
        credits=make_credits(texts, shown),
        translators=item.translators,
        video=make_video(texts, shown),
        rest=context.texts[language.code].gettext("Read on the site"),
    )


def make_withdrawn_entry(context: ViewContext, language: Language, row: StoryRow) -> FeedEntry:
    """Return the entry that takes the place of a story that was withdrawn: it has the same id, and a new
    moment, so that feed readers put it over the one they have.
    """
    story = context.index.with_withdrawn.stories[row.id]
    shown = context.index.shown_text(language, story)
    assert shown is not None, "only what an edition shows is in its feeds"
    item, texts, lists = shown.item, context.texts[language.code], context.index.lists
    own_id = urls.entry_id(context.index.settings.site.authority, story, item.lang)
    return FeedEntry(
        id=item.guid or own_id,
        lang=language.code,
        direction=texts.direction,
        title=texts.gettext(TITLE),
        link=context.addresses.absolute(context.index.page_path(language.code, story, item)),
        published=lists.published(row),
        updated=lists.changed(row),
        authors=(context.frames.site_title(language),),
        summary=make_withdrawal_sentence(texts, row),
        notice="",
        categories=(),
        enclosures=(),
        picture=None,
        body=TextReference("", "", language.code),
        iri="" if not item.guid or urls.is_iri(item.guid) else own_id,
    )


def _notice(context: ViewContext, language: Language, shown: ShownText) -> str:
    """Return what is to be known before the text is read: that it is in another language, or outdated."""
    fallback = context.frames.fallback(language, shown)
    notices = [make_outdated_notice(context, language, shown)]
    if fallback is not None:
        sentence = context.texts[language.code].gettext("Text in %(language)s")
        notices.insert(0, sentence % {"language": fallback.language})
    return " · ".join(filter(None, notices))


def _categories(
    context: ViewContext, language: Language, topics: tuple[str, ...]
) -> SharedTuple[FeedCategory]:
    key = (language.code, topics)
    if key not in context.category_cache:
        scheme = urls.scheme_id(context.index.settings.site.authority, "topics")
        labels = (context.frames.section_title(language, Section("topics", topic))[0] for topic in topics)
        context.category_cache[key] = SharedTuple(
            FeedCategory(topic, label, scheme) for topic, label in zip(topics, labels, strict=True)
        )
    return context.category_cache[key]


def make_opml_view(context: ViewContext, planned: PlannedArtifact) -> OpmlView:
    """Return the list of all feeds of an edition, each in the first of its formats."""
    language = context.index.settings.languages[planned.lang]
    texts = context.texts[language.code]
    groups = []
    for heading, sections in group_sections(context.index, language):
        feeds = (_outline(context, language, section) for section in sections)
        ordered = sorted(feeds, key=lambda feed: texts.sort_key(feed.text))
        groups.append(OutlineGroup(texts.gettext(heading), tuple(ordered)))
    return OpmlView(context.frames.site_title(language), language.code, tuple(groups))


def _outline(context: ViewContext, language: Language, section: Section) -> OutlineFeed:
    folder, form = section.folder(language.code), feed_formats(context.index.settings.feeds, section)[0]
    text, _ = context.frames.section_title(language, section)
    page = context.addresses.absolute(f"{folder}/{urls.INDEX}")
    return OutlineFeed(text, context.addresses.absolute(urls.feed_path(folder, form)), page)


def _authority_date(authority: str) -> datetime:
    """Return the date since which the site names things: a feed without entries is dated by it."""
    parts = [int(part) for part in authority.partition(",")[2].split("-")]
    year, month, day = (*parts, 1, 1)[:3]
    return datetime(year, month, day, tzinfo=UTC)
