"""Views of feeds, OPML files and sitemaps. All addresses are absolute."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from newsfeed.views.frames import AlternateLink
    from newsfeed.views.parts import Anchor, Credit, EnclosureLink, Picture, SharedTuple, TextReference


class FeedCategory(NamedTuple):
    """A subject of a feed entry; the label is in the feed's language."""

    term: str
    label: str
    scheme: str
    """Address of the list of such terms."""


class FeedEntry(NamedTuple):
    """One text in a feed; all addresses are absolute."""

    id: str
    """The id that the text always had, also when another program gave it."""
    lang: str
    direction: str
    title: str
    link: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]
    summary: str
    notice: str
    """In the feed's language: that and why the text is in another; empty when it is not."""
    categories: tuple[FeedCategory, ...]
    enclosures: tuple[EnclosureLink, ...]
    picture: Picture | None
    body: TextReference
    rest: str = ""
    """In the feed's language: the words of the link to the page, below a text that was cut."""
    iri: str = ""
    """The id where only an IRI can be one (Atom); empty: ``id`` is one."""
    credits: tuple[Credit, ...] = ()
    translators: tuple[str, ...] = ()
    video: Anchor | None = None


class FeedView(NamedTuple):
    """One feed in one format, or one of its archives (RFC 5005): all but its entries."""

    id: str
    format: str
    lang: str
    title: str
    description: str
    home: str
    """The page of the same list."""
    address: str
    """The feed's own address."""
    updated: datetime
    author: str
    live: str = ""
    """In an archive: the address of the feed that brings what is new."""
    older: str = ""
    """The address of the archive before this document; empty when there is nothing older."""
    newer: str = ""
    """In an archive: the address of the one after it, when there is one."""
    moved: bool = False
    """At an old address, it only says where the feed is now."""
    hubs: tuple[str, ...] = ()
    """Addresses of hubs that tell when it changes (W3C WebSub); an archive never does."""
    complete: bool = False
    """True when this one document brings everything there is."""
    deleted: tuple[tuple[str, datetime], ...] = ()
    """Ids of its entries whose stories were withdrawn, and when they were."""


class OutlineFeed(NamedTuple):
    """One feed in an OPML file."""

    text: str
    feed: str
    page: str


class OutlineGroup(NamedTuple):
    """Feeds under a heading in an OPML file."""

    text: str
    feeds: tuple[OutlineFeed, ...]


class OpmlView(NamedTuple):
    """All feeds of an edition, for feed readers to import."""

    title: str
    lang: str
    groups: tuple[OutlineGroup, ...]


class SitemapEntry(NamedTuple):
    """One page of the sitemap; ``changed`` is ``None`` for pages without a date of their own."""

    address: str
    changed: datetime | None
    alternates: SharedTuple[AlternateLink]


class SitemapView(NamedTuple):
    """The pages search engines should know, or some of them."""

    entries: tuple[SitemapEntry, ...]


class SitemapIndexEntry(NamedTuple):
    """One part of a sitemap that is too long for one file; ``changed``: when its newest page did."""

    address: str
    changed: datetime | None


class SitemapIndexView(NamedTuple):
    """The list of files that are the sitemap together."""

    parts: tuple[SitemapIndexEntry, ...]
