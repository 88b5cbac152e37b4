"""Plan entry → feed, OPML or sitemap view. All addresses here are absolute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsfeed.core import urls
from newsfeed.core.frames import Frames
from newsfeed.core.pages import grouped_sections, picture
from newsfeed.core.site import Index, Planned, Section, Shown
from newsfeed.model import Story
from newsfeed.views import (
    Attachment,
    Body,
    Category,
    FeedEntry,
    FeedView,
    OpmlView,
    OutlineFeed,
    OutlineGroup,
    SitemapEntry,
    SitemapView,
)

if TYPE_CHECKING:
    from newsfeed.core.addresses import Addresses
    from newsfeed.ports import Words
    from newsfeed.settings import Language


class Feeds:
    """Makes the views of a site's feeds, and of what lists pages and feeds for machines."""

    def __init__(
        self, index: Index, words: Mapping[str, Words], addresses: Addresses, frames: Frames
    ) -> None:
        self._index = index
        self._words = words
        self._addresses = addresses
        self._frames = frames

    def feed(self, planned: Planned) -> FeedView:
        """One feed in one format: the newest stories of a section."""
        settings = self._index.settings
        language = settings.languages[planned.lang]
        section = Section(planned.section, planned.key)
        stories = self._index.stories(language, section)[: settings.feeds.items]
        entries = tuple(self._entry(language, shown) for shown in stories)
        folder = section.folder(language.code)
        return FeedView(
            id=urls.feed_id(settings.site.authority, folder),
            format=planned.form,
            lang=language.code,
            title=self._frames.feed_title(language, section),
            description=self._frames.feed_description(language, section),
            home=self._addresses.absolute(f"{folder}/{urls.INDEX}"),
            address=self._addresses.absolute(planned.path),
            updated=max((one.updated for one in entries), default=_authority_date(settings.site.authority)),
            author=self._frames.site_title(language),
            entries=entries,
        )

    def _entry(self, language: Language, shown: Shown) -> FeedEntry:
        story, item, site = shown.content, shown.item, self._index.settings.site
        assert isinstance(story, Story)
        return FeedEntry(
            id=urls.entry_id(site.authority, story, item.lang),
            lang=item.lang,
            direction=self._words[item.lang].direction,
            title=item.title,
            link=self._addresses.absolute(self._index.path_of(language.code, story, item)),
            published=story.date,
            updated=story.updated,
            authors=story.authors or (self._frames.site_title(language),),
            summary=item.summary,
            notice=self._notice(language, shown),
            categories=tuple(self._category(language, topic) for topic in story.topics),
            attachments=tuple(
                Attachment(self._addresses.absolute(story.assets[one.path]), one.title, one.media_type, one.size)
                for one in story.enclosures
            ),
            picture=picture(self._index, shown, self._addresses.absolute),
            body=Body(item.path, item.fingerprint, item.lang),
        )

    def _notice(self, language: Language, shown: Shown) -> str:
        fallback = self._frames.fallback(language, shown)
        if fallback is None:
            return ""
        sentence = self._words[language.code].gettext("Language of this text: {language}")
        return sentence.format(language=fallback.language)

    def _category(self, language: Language, topic: str) -> Category:
        label, _ = self._frames.section_title(language, Section("topics", topic))
        return Category(topic, label, self._addresses.absolute(f"{language.code}/topics/"))

    def opml(self, planned: Planned) -> OpmlView:
        """All feeds of an edition, in the first configured format that feed readers share."""
        language = self._index.settings.languages[planned.lang]
        words = self._words[language.code]
        form = self._index.settings.feeds.formats[0]
        groups = []
        for heading, sections in grouped_sections(self._index, language):
            feeds = (self._outline(language, section, form) for section in sections)
            ordered = sorted(feeds, key=lambda feed: words.sort_key(feed.text))
            groups.append(OutlineGroup(words.gettext(heading), tuple(ordered)))
        return OpmlView(self._frames.site_title(language), language.code, tuple(groups))

    def _outline(self, language: Language, section: Section, form: str) -> OutlineFeed:
        folder = section.folder(language.code)
        text, _ = self._frames.section_title(language, section)
        page = self._addresses.absolute(f"{folder}/{urls.INDEX}")
        return OutlineFeed(text, self._addresses.absolute(urls.feed(folder, form)), page)

    def sitemap(self, pages: list[Planned]) -> SitemapView:
        """Every page that is nobody's repetition, with its translations."""
        entries = [self._sitemap_entry(planned) for planned in pages]
        return SitemapView(tuple(entry for entry in entries if entry is not None))

    def _sitemap_entry(self, planned: Planned) -> SitemapEntry | None:
        language = self._index.settings.languages.get(planned.lang)
        if language is None or planned.number:
            return None
        library = self._index.library
        changed: datetime | None = None
        if planned.kind in ("story", "static"):
            table = library.stories if planned.kind == "story" else library.pages
            content = table[planned.key]  # type: ignore[index]
            elsewhere = self._frames.content_elsewhere(content)
            changed = content.updated if isinstance(content, Story) else None
        elif planned.kind in ("list", "dossier") and planned.section != "archive":
            section = Section(planned.section, planned.key)
            elsewhere = self._frames.section_elsewhere(section)
            stories = self._index.stories(language, section)
            changed = max((s.content.updated for s in stories if isinstance(s.content, Story)), default=None)
        else:
            return None
        found = {one.code: elsewhere(one) for one in self._index.settings.editions}
        own = found[language.code]
        if own is None or own[1]:
            return None
        return SitemapEntry(self._addresses.absolute(planned.path), changed, self._frames.alternates(found))


def _authority_date(authority: str) -> datetime:
    """The date since which the site names things: the honest timestamp of a feed without entries."""
    parts = [int(part) for part in authority.partition(",")[2].split("-")]
    return datetime(*(parts + [1, 1])[:3], tzinfo=UTC)  # type: ignore[arg-type]
