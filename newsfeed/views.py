"""What templates and feed formats are given: complete, frozen values, and no services.

A view holds everything its page, feed or mail shows, already in the right language. Addresses in
pages begin with a slash (the site may live in a folder of its domain); in feeds and mails they
are absolute. ``lang`` fields are empty when the text is in the page's own language.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from hashlib import blake2b
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

T = TypeVar("T")


class View:
    """Part of what is shown. Its ``repr`` says all of it, for that is what keys of files are made of."""

    __slots__ = ()

    def __repr__(self) -> str:
        kind: Any = type(self)
        return f"{kind.__name__}{_values(kind)(self)!r}"


class Repeated(View):
    """What stands in many views: it is said once, and then only named."""

    __slots__ = ("_name",)
    _name: str

    def __repr__(self) -> str:
        try:
            return self._name
        except AttributeError:
            said = super().__repr__().encode("utf-8", "surrogatepass")
            name = f"{type(self).__name__}({blake2b(said, digest_size=16).hexdigest()})"
            object.__setattr__(self, "_name", name)
            return name


class Shared(tuple[T, ...]):  # noqa: SLOT001 - a tuple can have no slots of its own
    """A tuple that stands in many views: what it says and is found by is worked out once."""

    _said: str
    _hash: int

    def __repr__(self) -> str:
        try:
            return self._said
        except AttributeError:
            self._said = tuple.__repr__(self)
            return self._said

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            self._hash = tuple.__hash__(self)
            return self._hash


@cache
def _values(kind: type[Any]) -> Callable[[object], object]:
    """Takes all values out of a view of a kind."""
    return attrgetter(*(one.name for one in fields(kind)))


@dataclass(frozen=True, slots=True, repr=False)
class Anchor(View):
    """A named link; ``lang`` is set when its text is in another language than the page."""

    href: str
    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Picture(View):
    """An image with its description; width and height are 0 when unknown."""

    src: str
    alt: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class Fallback(View):
    """Why a text is not in the reader's language: what it is in instead."""

    lang: str
    direction: str
    language: str
    """The text's language, named in the page's language."""


@dataclass(frozen=True, slots=True, repr=False)
class Body(View):
    """Which text a page shows in full; its HTML is rendered from the file when the page is."""

    path: str
    fingerprint: str
    lang: str


@dataclass(frozen=True, slots=True, repr=False)
class Card(Repeated):
    """A story as it stands in a list."""

    id: str
    href: str
    title: str
    summary: str
    published: datetime
    updated: datetime | None
    """Only when there was a significant change."""
    authors: tuple[Anchor, ...]
    topics: tuple[Anchor, ...]
    picture: Picture | None
    fallback: Fallback | None

    def __hash__(self) -> int:
        """Quick: no two cards of a site have one address and differ."""
        return hash(self.href)


@dataclass(frozen=True, slots=True, repr=False)
class FeedLink(View):
    """One feed of a page: its address, media type, and what readers call it."""

    href: str
    media_type: str
    title: str
    format: str
    """``RSS``, ``Atom`` or ``JSON Feed``."""


@dataclass(frozen=True, slots=True, repr=False)
class Edition(View):
    """One entry of the language switcher: the same thing in another language."""

    code: str
    name: str
    """The language's own name."""
    href: str
    current: bool
    fallback: bool
    """The other edition shows this text in yet another language."""


@dataclass(frozen=True, slots=True, repr=False)
class Alternate(View):
    """One ``hreflang`` link; the address is absolute."""

    hreflang: str
    href: str


@dataclass(frozen=True, slots=True, repr=False)
class Frame(View):
    """What every page has around its content."""

    lang: str
    direction: str
    title: str
    """Of the page, without the site's."""
    title_lang: str
    description: str
    site_title: str
    site_description: str
    notice: str
    imprint: str
    canonical: str
    """Absolute; empty for pages that are nobody's address."""
    indexed: bool
    """Whether search engines should list this page."""
    home: str
    stylesheet: str
    editions: tuple[Edition, ...]
    alternates: tuple[Alternate, ...]
    feeds: tuple[FeedLink, ...]
    navigation: tuple[Anchor, ...]
    feed_list: Anchor
    """The page that lists all feeds of the edition."""
    footer: tuple[Anchor, ...]
    here: str
    """The link of the navigation that leads to this page; empty when none does."""


@dataclass(frozen=True, slots=True, repr=False)
class Group(View):
    """Links under a heading, such as all topics; ``heading`` is a message id."""

    heading: str
    anchors: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True, repr=False)
class ListView(View):
    """Home, topic, country, author, month: a heading and cards, newest first."""

    frame: Frame
    kind: str
    """``home``, ``topics``, ``countries``, ``authors`` or ``month``."""
    heading: str
    heading_lang: str
    cards: tuple[Card, ...]
    groups: tuple[Group, ...]
    up: Anchor | None
    """From a month to its year."""
    newer: Anchor | None
    older: Anchor | None
    number: int
    """0 for the live page, else the number of an older page, counted from the oldest (1)."""
    about_feed: str
    """Address of the page that explains this list's feeds; empty when it has none."""


@dataclass(frozen=True, slots=True, repr=False)
class FactRow(View):
    """One line of a fact sheet; ``label`` is a message id."""

    label: str
    anchors: tuple[Anchor, ...]
    """Values without a page of their own have no ``href``."""


@dataclass(frozen=True, slots=True, repr=False)
class Attachment(View):
    """A file to download."""

    href: str
    title: str
    media_type: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True, repr=False)
class StoryView(View):
    """One story in full."""

    frame: Frame
    card: Card
    lead: str
    """The summary, when its author wrote it: a first paragraph would only be said twice."""
    body: Body
    picture: Picture | None
    facts: tuple[FactRow, ...]
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True, repr=False)
class DossierView(View):
    """A project or programme: its text, its facts, what belongs to it, and its related news."""

    frame: Frame
    kind: str
    """``projects`` or ``programmes``."""
    heading: str
    lead: str
    """The summary, when its author wrote it; empty on older pages."""
    fallback: Fallback | None
    heading_lang: str
    body: Body | None
    """``None`` for a programme that has a name, but no page text."""
    picture: Picture | None
    facts: tuple[FactRow, ...]
    groups: tuple[Group, ...]
    cards: tuple[Card, ...]
    newer: Anchor | None
    older: Anchor | None
    number: int
    about_feed: str


@dataclass(frozen=True, slots=True, repr=False)
class Period(View):
    """A year or month of the archive and how many stories it has."""

    anchor: Anchor
    count: int
    months: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class ArchiveView(View):
    """The archive: all years, or the months of one year."""

    frame: Frame
    heading: str
    periods: tuple[Period, ...]
    up: Anchor | None


@dataclass(frozen=True, slots=True, repr=False)
class StaticView(View):
    """About, imprint: a text."""

    frame: Frame
    heading: str
    heading_lang: str
    fallback: Fallback | None
    body: Body


@dataclass(frozen=True, slots=True, repr=False)
class AboutFeedView(View):
    """What a feed is, and the addresses of this one in every format."""

    frame: Frame
    subject: str
    subject_lang: str
    subject_href: str
    feeds: tuple[FeedLink, ...]
    """Addresses are absolute: they are to be copied."""
    all_feeds: str
    opml: str


@dataclass(frozen=True, slots=True, repr=False)
class FeedListView(View):
    """All feeds of an edition, grouped."""

    frame: Frame
    heading: str
    groups: tuple[Group, ...]
    """Links to the pages that explain each feed."""
    opml: str


@dataclass(frozen=True, slots=True, repr=False)
class NotFoundView(View):
    """Nothing is here: says so, and where to go on."""

    frame: Frame


@dataclass(frozen=True, slots=True, repr=False)
class EntranceView(View):
    """The site's root: choose an edition."""

    frame: Frame


@dataclass(frozen=True, slots=True, repr=False)
class RedirectView(View):
    """At an address that a text has left: where it is now. It has no frame."""

    lang: str
    direction: str
    site_title: str
    title: str
    """Of the text."""
    title_lang: str
    href: str
    """The page of the text in this edition; where it has none, in the text's own."""
    canonical: str
    """The same, absolute."""


PageView = (
    ListView
    | StoryView
    | DossierView
    | ArchiveView
    | StaticView
    | AboutFeedView
    | FeedListView
    | NotFoundView
    | EntranceView
    | RedirectView
)


@dataclass(frozen=True, slots=True, repr=False)
class Category(View):
    """What an entry is about; the label is in the entry's feed's language."""

    term: str
    label: str
    scheme: str
    """Address of the list of such terms."""


@dataclass(frozen=True, slots=True, repr=False)
class FeedEntry(View):
    """One text in a feed; all addresses are absolute."""

    id: str
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
    categories: tuple[Category, ...]
    attachments: tuple[Attachment, ...]
    picture: Picture | None
    body: Body


@dataclass(frozen=True, slots=True, repr=False)
class FeedView(View):
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

    @property
    def complete(self) -> bool:
        """Whether this one document brings everything there is."""
        return not self.live and not self.older


@dataclass(frozen=True, slots=True, repr=False)
class OutlineGroup(View):
    """Feeds under a heading in an OPML file."""

    text: str
    feeds: tuple[OutlineFeed, ...]


@dataclass(frozen=True, slots=True, repr=False)
class OutlineFeed(View):
    """One feed in an OPML file."""

    text: str
    feed: str
    page: str


@dataclass(frozen=True, slots=True, repr=False)
class OpmlView(View):
    """All feeds of an edition, for feed readers to import."""

    title: str
    lang: str
    groups: tuple[OutlineGroup, ...]


@dataclass(frozen=True, slots=True, repr=False)
class SitemapEntry(View):
    """One page of the sitemap; ``changed`` is ``None`` for pages without a date of their own."""

    address: str
    changed: datetime | None
    alternates: Shared[Alternate]


@dataclass(frozen=True, slots=True, repr=False)
class SitemapView(View):
    """The pages search engines should know, or some of them."""

    entries: tuple[SitemapEntry, ...]


@dataclass(frozen=True, slots=True, repr=False)
class SitemapPart(View):
    """One file of a sitemap that is too long for one; ``changed`` is when its newest page did."""

    address: str
    changed: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class SitemapIndexView(View):
    """The files that are the sitemap together."""

    parts: tuple[SitemapPart, ...]


@dataclass(frozen=True, slots=True, repr=False)
class DigestEntry(View):
    """One story in a digest; addresses are absolute."""

    id: str
    story: str
    """The story's own id, which the ledger keeps."""
    href: str
    title: str
    summary: str
    published: datetime
    authors: tuple[str, ...]
    picture: Picture | None
    fallback: Fallback | None


@dataclass(frozen=True, slots=True, repr=False)
class DigestGroup(View):
    """Stories of one topic."""

    heading: str
    heading_lang: str
    entries: tuple[DigestEntry, ...]


@dataclass(frozen=True, slots=True, repr=False)
class DigestView(View):
    """One issue in one language: everything the mail says to everybody who reads it."""

    lang: str
    direction: str
    digest: str
    """The digest's name in the configuration."""
    title: str
    subject: str
    preheader: str
    day: date
    """The slot's local day, as the subject says it."""
    site_title: str
    home: str
    imprint: str
    groups: tuple[DigestGroup, ...]
    more: int
    """How many stories were left out for size; they are on the site."""
    stories: int
