"""What every page maker works with, and the pieces that many pages share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsfeed.core.recent import Recent
from newsfeed.core.site import urls
from newsfeed.core.site.addresses import WebAddresses, live_page
from newsfeed.core.site.frames import Frames
from newsfeed.core.site.index import Section, ShownText, SiteIndex, StoryRow
from newsfeed.core.site.paging import count_older_pages, cut_page
from newsfeed.model import Story
from newsfeed.views import Anchor, BodySource, FeedCategory, FeedView, Picture, SharedTuple, StoryCard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.ports import Texts
    from newsfeed.settings import Language


_CARDS = 5_000
"""Many more than the stories between the ends of any list's page."""


def msgid(message: str) -> str:
    """Mark a reader's message for extraction; the template translates it."""
    return message


@dataclass(frozen=True, slots=True)
class ViewContext:
    """The site as page makers see it."""

    index: SiteIndex
    words: Mapping[str, Texts]
    addresses: WebAddresses
    frames: Frames
    cards: Recent[tuple[str, str], StoryCard] = field(default_factory=lambda: Recent(_CARDS), compare=False)
    """(edition, story) → its card: a story stands in many lists, which follow each other."""
    links: dict[tuple[str, str, tuple[str, ...]], SharedTuple[Anchor]] = field(
        default_factory=dict, compare=False
    )
    """(edition, name of sections, keys) → links to them: many stories are about the same."""
    categories: dict[tuple[str, tuple[str, ...]], SharedTuple[FeedCategory]] = field(
        default_factory=dict, compare=False
    )
    """(edition, topics) → the same for feeds."""
    feeds: dict[tuple[str, Section, str], FeedView] = field(default_factory=dict, compare=False)
    """(edition, section, format) → what all documents of a feed have in common."""

    @classmethod
    def of(cls, index: SiteIndex, words: Mapping[str, Texts]) -> ViewContext:
        """The kit of a site at one moment."""
        addresses = WebAddresses(index)
        return cls(index, words, addresses, Frames(index, words, addresses))

    def section_href(self, language: Language, section: Section) -> str:
        """The address of a section's first page."""
        return self.addresses.local(live_page(language.code, section))

    def anchors(self, language: Language, sections: Sequence[Section]) -> tuple[Anchor, ...]:
        """Links to those sections the edition has pages of, sorted by name."""
        found = (self.frames.anchor(language, section) for section in sections)
        key = self.words[language.code].sort_key
        return tuple(sorted((one for one in found if one.href), key=lambda one: key(one.text)))

    def named(self, language: Language, name: str, keys: tuple[str, ...]) -> SharedTuple[Anchor]:
        """Links to the sections of a name, in the order of the keys."""
        place = (language.code, name, keys)
        if place not in self.links:
            self.links[place] = SharedTuple(self.frames.anchor(language, Section(name, key)) for key in keys)
        return self.links[place]

    def authors(self, language: Language, names: tuple[str, ...]) -> SharedTuple[Anchor]:
        """Links to the pages of authors, with their names as they stand in a text."""
        place = (language.code, "authors", names)
        if place not in self.links:
            self.links[place] = SharedTuple(
                Anchor(self.section_href(language, Section("authors", urls.make_author_key(name))), name)
                for name in names
            )
        return self.links[place]

    def card(self, language: Language, shown: ShownText) -> StoryCard:
        """A story as it stands in a list of an edition."""
        return self.cards.of((language.code, shown.content.id), lambda: self._card(language, shown))

    def listed(self, language: Language, rows: Sequence[StoryRow]) -> tuple[StoryCard, ...]:
        """Stories as they stand in a list of an edition; the library is asked for those without a card."""
        lang, known, shown = language.code, self.cards.get, self.index.listed
        return tuple([known((lang, row.id)) or self.card(language, shown(language, row)) for row in rows])

    def _card(self, language: Language, shown: ShownText) -> StoryCard:
        story, item = shown.content, shown.item
        assert isinstance(story, Story)
        return StoryCard(
            id=story.id,
            href=self.addresses.local(self.index.path_of(language.code, story, item)),
            title=item.title,
            summary=item.summary,
            published=story.date,
            updated=story.updated if story.updated != story.date else None,
            authors=self.authors(language, story.authors),
            topics=self.named(language, "topics", story.topics),
            picture=self.picture(shown),
            fallback=self.frames.fallback(language, shown),
        )

    def picture(self, shown: ShownText) -> Picture | None:
        """The image of a text, for pages."""
        return make_picture(self.index, shown, self.addresses.local)

    def cut(self, planned: PlannedArtifact, language: Language, section: Section) -> CardPage:
        """The cards of one page of a list, and its neighbours."""
        rows, size = self.index.lists.of(language, section), self.index.settings.lists.items
        live, words = live_page(language.code, section), self.words[language.code]
        last = count_older_pages(len(rows), size)
        newer = older = None
        if planned.number:
            path = live if planned.number == last else urls.numbered_path(live, planned.number + 1)
            newer = Anchor(self.addresses.local(path), words.gettext("Newer items"))
        below = planned.number - 1 if planned.number else last
        if below:
            path = urls.numbered_path(live, below)
            older = Anchor(self.addresses.local(path), words.gettext("Older items"))
        return CardPage(self.listed(language, cut_page(rows, size, planned.number)), newer, older)


@dataclass(frozen=True, slots=True)
class CardPage:
    """One page of a list."""

    cards: tuple[StoryCard, ...]
    newer: Anchor | None
    older: Anchor | None


def make_picture(index: SiteIndex, shown: ShownText, address: Callable[[str], str]) -> Picture | None:
    """The image of a text, with the alternative text of the language shown."""
    path = getattr(shown.content, "image", "")
    if not path:
        return None
    asset = index.library.assets[path]
    return Picture(address(shown.content.assets[path]), shown.item.image_alt, asset.width, asset.height)


def make_body_source(shown: ShownText) -> BodySource:
    """Which text to render in full."""
    return BodySource(shown.item.path, shown.item.fingerprint, shown.item.lang)
