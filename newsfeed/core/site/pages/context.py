"""The site as values from which views are made, and the pieces that many views share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsfeed.core.bounded_cache import BoundedCache
from newsfeed.core.people.invitations import make_invitation
from newsfeed.core.site import urls
from newsfeed.core.site.cards import can_be_shared
from newsfeed.core.site.frames import Frames
from newsfeed.core.site.pages.credits import make_image_credit
from newsfeed.core.site.paging import count_older_pages, cut_page
from newsfeed.core.site.picture_sizes import MAIL_WIDTH, find_plain_form
from newsfeed.core.site.sections import Section
from newsfeed.core.site.structured_data import StructuredData
from newsfeed.core.site.trails import Trails
from newsfeed.core.site.web_addresses import WebAddresses
from newsfeed.marking import msgid
from newsfeed.model import Story
from newsfeed.views import (
    Anchor,
    FeedCategory,
    FeedView,
    Invitation,
    Picture,
    SharedTuple,
    StoryCard,
    StoryLine,
    TextReference,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsfeed.core.site.artifact import PlannedArtifact
    from newsfeed.core.site.index import ShownText, SiteIndex, StoryRow
    from newsfeed.ports import Texts
    from newsfeed.settings import Language


_CARDS = 5_000
"""Many more than the stories between the ends of any list's page."""


@dataclass(frozen=True, slots=True)
class ViewContext:
    """The site at one moment, with all that is needed to make a view of a page, feed or digest.

    The caches hold parts that stand in many views; they fill as views are made.
    """

    index: SiteIndex
    texts: Mapping[str, Texts]
    addresses: WebAddresses
    frames: Frames
    trails: Trails
    structured_data: StructuredData
    card_cache: BoundedCache[tuple[str, str], StoryCard] = field(
        default_factory=lambda: BoundedCache(_CARDS), compare=False
    )
    """(edition, story) → its card: a story stands in many lists, which follow each other."""
    anchor_cache: dict[tuple[str, str, tuple[str, ...]], SharedTuple[Anchor]] = field(
        default_factory=dict, compare=False
    )
    """(edition, name of sections, keys) → links to these sections: many stories share their topics."""
    category_cache: dict[tuple[str, tuple[str, ...]], SharedTuple[FeedCategory]] = field(
        default_factory=dict, compare=False
    )
    """(edition, topics) → categories of feed entries about these topics."""
    feed_cache: dict[tuple[str, Section], FeedView] = field(default_factory=dict, compare=False)
    """(edition, section) → what all documents of a feed have in common, in every format."""
    invitations: Mapping[str, Invitation | None] = field(default_factory=dict, compare=False)
    """Edition → its invitation to subscribe by email, which stands on many pages."""

    @classmethod
    def of(cls, index: SiteIndex, texts: Mapping[str, Texts]) -> ViewContext:
        """Make the context of a site at the moment of its index."""
        addresses = WebAddresses(index)
        frames = Frames(index, texts, addresses)
        invitations = {
            lang: make_invitation(index.settings, texts[lang]) for lang in index.settings.languages
        }
        trails = Trails(texts, addresses, frames.anchor)
        structured = StructuredData(index.settings, addresses)
        return cls(index, texts, addresses, frames, trails, structured, invitations=invitations)

    def section_href(self, language: Language, section: Section) -> str:
        """Return the address of a section's first page."""
        return self.addresses.local(section.live_path(language.code))

    def sorted_anchors(self, language: Language, sections: Sequence[Section]) -> tuple[Anchor, ...]:
        """Return links to those of some sections that have a page in the edition, sorted by name."""
        anchors = (self.frames.anchor(language, section) for section in sections)
        sort_key = self.texts[language.code].sort_key
        return tuple(
            sorted((anchor for anchor in anchors if anchor.href), key=lambda anchor: sort_key(anchor.text))
        )

    def section_anchors(self, language: Language, name: str, keys: tuple[str, ...]) -> SharedTuple[Anchor]:
        """Return links to sections of one kind, such as topics, in the order of the keys."""
        cache_key = (language.code, name, keys)
        if cache_key not in self.anchor_cache:
            self.anchor_cache[cache_key] = SharedTuple(
                self.frames.anchor(language, Section(name, key)) for key in keys
            )
        return self.anchor_cache[cache_key]

    def author_anchors(self, language: Language, names: tuple[str, ...]) -> SharedTuple[Anchor]:
        """Return links to the pages of authors, with their names as they stand in a text."""
        cache_key = (language.code, "authors", names)
        if cache_key not in self.anchor_cache:
            self.anchor_cache[cache_key] = SharedTuple(
                Anchor(self.section_href(language, Section("authors", urls.make_author_key(name))), name)
                for name in names
            )
        return self.anchor_cache[cache_key]

    def card(self, language: Language, shown: ShownText) -> StoryCard:
        """Return a story as it stands in a list of an edition."""
        return self.card_cache.get_or_make(
            (language.code, shown.content.id), lambda: self._card(language, shown)
        )

    def cards_of(self, language: Language, rows: Sequence[StoryRow]) -> tuple[StoryCard, ...]:
        """Return stories as they stand in a list of an edition."""
        # The library may fetch stories from disk, so it is asked only for those without a card.
        lang, cached, listed_text = language.code, self.card_cache.get, self.index.listed_text
        return tuple(
            [cached((lang, row.id)) or self.card(language, listed_text(language, row)) for row in rows]
        )

    def lines_of(self, language: Language, rows: Sequence[StoryRow]) -> tuple[StoryLine, ...]:
        """Return stories as links with their dates."""
        cards = self.cards_of(language, rows)
        return tuple([StoryLine(card.href, card.title, card.published, card.fallback) for card in cards])

    def _card(self, language: Language, shown: ShownText) -> StoryCard:
        story, item = shown.content, shown.item
        assert isinstance(story, Story)
        return StoryCard(
            id=story.id,
            href=self.addresses.local(self.index.page_path(language.code, story, item)),
            title=item.title,
            summary=item.summary,
            published=story.date,
            updated=story.updated if story.updated != story.date else None,
            authors=self.author_anchors(language, story.authors),
            topics=self.section_anchors(language, "topics", story.topics),
            picture=self.picture(language, shown),
            fallback=self.frames.fallback(language, shown),
        )

    def picture(self, language: Language, shown: ShownText) -> Picture | None:
        """Return the image of a text for a page of an edition; ``None`` when it has none."""
        return make_picture(self, language, shown, absolute=False)

    def card_page(self, planned: PlannedArtifact, language: Language, section: Section) -> CardPage:
        """Return the cards of one page of a section's list, with links to its neighbours."""
        rows, size = self.index.lists.shown_in(language, section), self.index.settings.lists.items
        live, texts = section.live_path(language.code), self.texts[language.code]
        last = count_older_pages(len(rows), size)
        newer = older = None
        if planned.number:
            path = live if planned.number == last else urls.numbered_path(live, planned.number + 1)
            newer = Anchor(self.addresses.local(path), *texts.labelled(msgid("Newer stories")))
        below = planned.number - 1 if planned.number else last
        if below:
            path = urls.numbered_path(live, below)
            older = Anchor(self.addresses.local(path), *texts.labelled(msgid("Older stories")))
        return CardPage(self.cards_of(language, cut_page(rows, size, planned.number)), newer, older)


@dataclass(frozen=True, slots=True)
class CardPage:
    """One page of a list, and links to the pages beside it."""

    cards: tuple[StoryCard, ...]
    newer: Anchor | None
    older: Anchor | None


def make_picture(
    context: ViewContext, language: Language, shown: ShownText, *, absolute: bool
) -> Picture | None:
    """Return the image of a text, described in the language shown; ``None`` when it has none.

    language: the edition in whose words its credit is.
    absolute: for feeds and others that are no pages of the site.
    """
    path = getattr(shown.content, "image", "")
    if not path:
        return None
    asset, output = context.index.library.assets[path], shown.content.assets[path]
    return context.addresses.picture(output, asset, absolute=absolute)._replace(
        alt=shown.item.image_alt,
        caption=shown.item.image_caption,
        credit=make_image_credit(context.texts[language.code], shown.content),
        focus=getattr(shown.content, "image_focus", ""),
    )


def make_mail_picture(context: ViewContext, language: Language, shown: ShownText) -> Picture | None:
    """Return the image of a story as mails show it, small; ``None`` without one."""
    picture = make_picture(context, language, shown, absolute=True)
    if picture is None:
        return None
    path = getattr(shown.content, "image", "")
    asset, output = context.index.library.assets[path], shown.content.assets[path]
    small, width, height = find_plain_form(output, asset, MAIL_WIDTH)
    return picture._replace(src=context.addresses.absolute(small), width=width, height=height)


def make_shared_picture(context: ViewContext, language: Language, shown: ShownText) -> Picture | None:
    """Return the image of a text for social networks, which show no drawings; ``None`` without one."""
    if not can_be_shared(context.index.library.assets, getattr(shown.content, "image", "")):
        return None
    return make_picture(context, language, shown, absolute=True)


def make_text_reference(shown: ShownText) -> TextReference:
    """Return the reference to the file whose text is rendered in full."""
    return TextReference(shown.item.path, shown.item.fingerprint, shown.item.lang)
